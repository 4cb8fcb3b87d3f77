using System.Text.Json;

namespace Harmony.Data.Middleware.Transform;

/// <summary>
/// What a spec reads of its input, as far as its text tells. Only operations up to and including the first shift count: what a shift leaves
/// is all that later ones see.
/// </summary>
internal sealed class SpecReads
{
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);

    private SpecReads()
    {
    }

    /// <summary>The names that operations have at their top, in order.</summary>
    public IReadOnlyCollection<string> Roots => _roots;

    /// <summary>Whether it refers to the context document, by <c>^</c>.</summary>
    public bool RefersToContext { get; private set; }

    /// <summary>What of the member <c>context</c> may reach the result.</summary>
    public ContextUse Context { get; private set; } = ContextUse.None;

    /// <param name="chain">A spec that compiles.</param>
    public static SpecReads Of(JsonElement chain)
    {
        var reads = new SpecReads();
        var shifted = false;
        foreach (var operation in chain.EnumerateArray())
        {
            var name = operation.GetProperty("operation").GetString()!;
            if (!operation.TryGetProperty("spec", out var spec)) continue;
            // Later operations cannot see the input, but all can refer to the context document.
            if (name.StartsWith("modify", StringComparison.Ordinal)) reads.RefersToContext |= MentionsContextDocument(spec);
            if (!shifted) reads.Add(spec, isModify: name.StartsWith("modify", StringComparison.Ordinal));
            shifted |= name == "shift";
        }

        return reads;
    }

    private void Add(JsonElement spec, bool isModify)
    {
        if (spec.ValueKind != JsonValueKind.Object) return;
        foreach (var member in spec.EnumerateObject())
        {
            foreach (var name in SpecKey.NamesOf(member.Name, isModify))
            {
                _roots.Add(name);
                Context |= ContextUse.OfRoot(name, member.Value);
            }
        }

        foreach (var text in SpecKey.StringsOf(spec))
        {
            if (SpecKey.MayReachContext(text)) Context = ContextUse.All;
        }
    }

    private static bool MentionsContextDocument(JsonElement spec) => SpecKey.StringsOf(spec).Any(s => s.Contains('^'));
}
