namespace Harmony.Core.Redaction;

/// <summary>
/// <c>redact_data_fields</c> as a tree: <c>patient.name</c> is the member <c>name</c> of the member <c>patient</c> of the document. Arrays on
/// the way are gone through item by item; <c>*</c> stands for any member. A name without a dot is hidden at every depth. Letter case does
/// not matter.
/// </summary>
internal sealed class DataFields
{
    private readonly HashSet<string> _everywhere = new(StringComparer.OrdinalIgnoreCase);

    public DataFields(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            if (path.Contains('.')) Add(path.Split('.'));
            else _everywhere.Add(path);
        }
    }

    /// <summary>Where paths begin.</summary>
    public Step Start { get; } = new();

    /// <summary>Whether the member is hidden wherever it stands.</summary>
    public bool HideEverywhere(string name) => _everywhere.Contains(name);

    private void Add(string[] names)
    {
        var step = Start;
        foreach (var name in names)
        {
            if (!step.Next.TryGetValue(name, out var next)) step.Next[name] = next = new Step();
            step = next;
        }

        step.IsHidden = true;
    }

    /// <summary>A place in the tree of paths.</summary>
    internal sealed class Step
    {
        private const string AnyName = "*";

        public Dictionary<string, Step> Next { get; } = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>Whether a path ends here.</summary>
        public bool IsHidden { get; set; }

        /// <summary>Adds where a member of that name leads.</summary>
        public void AddNext(string name, ref List<Step>? found)
        {
            if (Next.TryGetValue(name, out var named)) (found ??= []).Add(named);
            if (Next.TryGetValue(AnyName, out var any)) (found ??= []).Add(any);
        }
    }
}
