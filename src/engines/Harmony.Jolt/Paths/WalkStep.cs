using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Paths;

/// <summary>One level of a <see cref="Walk"/>.</summary>
/// <param name="Tree">The value at that level.</param>
/// <param name="Key">The key or index that led to it.</param>
/// <param name="Glob">The pattern the key matched, if it had a <c>*</c> among other characters.</param>
/// <param name="OriginalLength">How many values the array had before it was extended; -1 for anything else.</param>
/// <param name="Match">Which step counts the matches: this one, or the one whose match it shares.</param>
internal record struct WalkStep(DocValue Tree, string Key, Glob? Glob, int OriginalLength, int Match)
{
    /// <summary>How many matches there were below it so far.</summary>
    public int Matches { get; set; }
}
