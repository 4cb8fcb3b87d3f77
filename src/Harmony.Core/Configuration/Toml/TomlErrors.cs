namespace Harmony.Core.Configuration.Toml;

/// <summary>
/// Hands the mistakes of one file on, but no echoes: one line is reported once, because whatever else seems wrong with it
/// is mostly a consequence, and a file that is no TOML at all does not flood its reader.
/// </summary>
internal sealed class TomlErrors(ConfigProblems problems)
{
    /// <summary>How many mistakes of one file are reported.</summary>
    public const int Limit = 20;

    private readonly HashSet<int> _silentLines = [];
    private int _reported;

    /// <summary>Whether reading on is pointless.</summary>
    public bool IsFull => _reported >= Limit;

    /// <summary>Whether a mistake on <paramref name="line"/> would be reported: ask before working out a costly message.</summary>
    public bool Wants(int line) => !IsFull && !_silentLines.Contains(line);

    /// <summary>Whether what is being read may be a secret, which no message may repeat.</summary>
    public bool IsSecret { get; private set; }

    /// <summary>Reports a mistake unless its line had one.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="unshown">The same without the text of the file, where <paramref name="message"/> repeats some: said instead of it of what may be a secret.</param>
    public void Report(SourceLocation location, string message, string? unshown = null)
    {
        if (!Wants(location.Line)) return;
        _silentLines.Add(location.Line);
        problems.Error(location, IsSecret && unshown is not null ? unshown : message);
        _reported++;
        if (IsFull) problems.Error(location with { Column = 0 }, $"that makes {Limit} mistakes; what is wrong below this line is not shown");
    }

    /// <summary>Keeps what follows out of messages if a key of that path may hold a secret.</summary>
    /// <returns>Whether that was so before; for <see cref="Leave"/>.</returns>
    public bool Enter(IEnumerable<string> path)
    {
        var before = IsSecret;
        IsSecret |= path.Any(SensitiveNames.MayHoldSecret);
        return before;
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public void Leave(bool before) => IsSecret = before;

    /// <summary>Keeps quiet about <paramref name="line"/> from now on: it is known to be broken.</summary>
    public void Silence(int line) => _silentLines.Add(line);
}
