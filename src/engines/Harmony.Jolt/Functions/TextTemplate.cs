using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A string of a spec that holds <c>${now}</c> or <c>${uuid}</c>.</summary>
internal sealed class TextTemplate
{
    private const string NowMark = "${now}";
    private const string UuidMark = "${uuid}";

    private readonly string _text;

    private TextTemplate(string text) => _text = text;

    /// <summary>The template, or null when the string is just a string.</summary>
    public static TextTemplate? Parse(string text)
        => text.Contains(NowMark, StringComparison.Ordinal) || text.Contains(UuidMark, StringComparison.Ordinal) ? new TextTemplate(text) : null;

    /// <summary>The string with the time, the same throughout a run, and a new identifier wherever one is asked for.</summary>
    public DocValue Expand(JoltRun run)
    {
        var text = _text.Replace(NowMark, run.Now, StringComparison.Ordinal);
        for (var at = text.IndexOf(UuidMark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(UuidMark, at, StringComparison.Ordinal))
            text = string.Concat(text.AsSpan(0, at), run.Options.NewGuid().ToString("D"), text.AsSpan(at + UuidMark.Length));
        return run.NewString(text);
    }
}
