using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Harmony.Gateway.Trying;

/// <summary>What changed between two texts, line by line, with the lines around it, as people read diffs.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>Lines that begin with <c>-</c>, <c>+</c> or a blank; <c>…</c> stands for lines that are the same. Empty where nothing changed.</summary>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        if (before == after) return [];
        var lines = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines;
        var isNear = lines.Select((_, i) => Enumerable.Range(i - Context, (2 * Context) + 1).Any(j => j >= 0 && j < lines.Count
            && lines[j].Type != ChangeType.Unchanged)).ToList();
        var shown = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (isNear[i]) shown.Add(Sign(lines[i].Type) + lines[i].Text);
            else if (shown.Count == 0 || shown[^1] != "…") shown.Add("…");
        }

        return shown;
    }

    private static string Sign(ChangeType change) => change switch
    {
        ChangeType.Inserted => "+ ",
        ChangeType.Deleted => "- ",
        _ => "  ",
    };
}
