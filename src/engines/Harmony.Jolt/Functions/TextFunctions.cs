using System.Text;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions of strings.</summary>
internal static class TextFunctions
{
    private const int MaxPad = 500;

    public static DocValue ToLower(DocValue value, JoltRun run)
        => value.Kind == DocKind.String ? run.NewString(LetterCase.Lower(value.GetText())) : default;

    public static DocValue ToUpper(DocValue value, JoltRun run)
        => value.Kind == DocKind.String ? run.NewString(LetterCase.Upper(value.GetText())) : default;

    /// <summary>Without the blanks and control characters at both ends; not without what else Unicode calls white space.</summary>
    public static DocValue Trim(DocValue value, JoltRun run)
    {
        if (value.Kind != DocKind.String) return default;
        var text = value.GetText().AsSpan();
        while (text is [<= ' ', .. var rest]) text = rest;
        while (text is [.. var rest, <= ' ']) text = rest;
        return run.NewString(text.ToString());
    }

    public static DocValue Concat(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            if (value.IsNullOrMissing) continue;
            var piece = DocText.Of(value, run);
            run.Meter.Spend(piece.Length);
            text.Append(piece);
        }

        return DocValue.String(text.ToString());
    }

    /// <summary>The values with the separator between them. Those that are null or empty do not count.</summary>
    public static DocValue Join(DocValue separator, ReadOnlySpan<DocValue> values, JoltRun run)
    {
        var between = separator.GetText();
        var text = new StringBuilder();
        foreach (var value in values)
        {
            var piece = value.IsNullOrMissing ? "" : DocText.Of(value, run);
            if (piece.Length == 0) continue;
            run.Meter.Spend(piece.Length + between.Length);
            if (text.Length > 0) text.Append(between);
            text.Append(piece);
        }

        return DocValue.String(text.ToString());
    }

    /// <summary><c>substring(text, start, end)</c>: from the start up to, not with, the end; no answer when the text does not reach that far.</summary>
    public static DocValue Substring(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        if (values.Length != 3 || values[0].Kind != DocKind.String) return default;
        if (!Arguments.TryInt(values[1], out var start) || !Arguments.TryInt(values[2], out var end)) return default;
        var text = values[0].GetText();
        return start < 0 || start >= end || end > text.Length ? default : run.NewString(text[start..end]);
    }

    public static DocValue LeftPad(DocValue text, ReadOnlySpan<DocValue> values, JoltRun run)
        => TryPad(values, out var width, out var filler) ? run.NewString(text.GetText().PadLeft(width, filler)) : default;

    public static DocValue RightPad(DocValue text, ReadOnlySpan<DocValue> values, JoltRun run)
        => TryPad(values, out var width, out var filler) ? run.NewString(text.GetText().PadRight(width, filler)) : default;

    private static bool TryPad(ReadOnlySpan<DocValue> values, out int width, out char filler)
    {
        width = 0;
        filler = default;
        if (values.Length < 2 || !Arguments.TryInt(values[0], out width) || width is <= 0 or > MaxPad) return false;
        if (values[1].Kind != DocKind.String || values[1].GetText() is not [var only]) return false;
        filler = only;
        return true;
    }
}
