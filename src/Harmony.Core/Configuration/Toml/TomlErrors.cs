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

    /// <summary>Reports a mistake unless its line had one.</summary>
    public void Report(SourceLocation location, string message)
    {
        if (IsFull || !_silentLines.Add(location.Line)) return;
        problems.Error(location, message);
        _reported++;
    }

    /// <summary>Keeps quiet about <paramref name="line"/> from now on: it is known to be broken.</summary>
    public void Silence(int line) => _silentLines.Add(line);
}
