namespace Harmony.Gateway.Logging;

/// <summary>
/// The target of <c>log_dump</c>, the only one whose entries may hold patient data. So at level info it is written where somebody names it
/// (<c>harmony.dump=info</c>), not because everything is.
/// </summary>
internal static class DumpTarget
{
    private const string Name = "harmony.dump";

    /// <summary>Whether a category is this target.</summary>
    public static bool Is(string category) => category.Equals(Name, StringComparison.OrdinalIgnoreCase);
}
