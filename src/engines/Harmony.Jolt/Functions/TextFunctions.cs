using System.Collections.Frozen;
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

/// <summary>
/// Upper and lower case as Java has them, whatever the language: the runtime's mappings of one letter to one letter, and above them those of
/// Unicode's <c>SpecialCasing.txt</c> that make several letters of one (<c>ß</c> → <c>SS</c>).
/// </summary>
internal static class LetterCase
{
    private const char CapitalSigma = 'Σ';
    private const char FinalSigma = 'ς';

    /// <summary>Each letter, followed by what stands for it in capitals.</summary>
    private const string Capitals =
        "\u00DF\u0053\u0053 \u0131\u0049 \u0149\u02BC\u004E \u017F\u0053 \u01F0\u004A\u030C \u0390\u0399\u0308\u0301 "
        + "\u03B0\u03A5\u0308\u0301 \u0587\u0535\u0552 \u1E96\u0048\u0331 \u1E97\u0054\u0308 \u1E98\u0057\u030A \u1E99\u0059\u030A "
        + "\u1E9A\u0041\u02BE \u1F50\u03A5\u0313 \u1F52\u03A5\u0313\u0300 \u1F54\u03A5\u0313\u0301 \u1F56\u03A5\u0313\u0342 "
        + "\u1F80\u1F08\u0399 \u1F81\u1F09\u0399 \u1F82\u1F0A\u0399 \u1F83\u1F0B\u0399 \u1F84\u1F0C\u0399 \u1F85\u1F0D\u0399 "
        + "\u1F86\u1F0E\u0399 \u1F87\u1F0F\u0399 \u1F88\u1F08\u0399 \u1F89\u1F09\u0399 \u1F8A\u1F0A\u0399 \u1F8B\u1F0B\u0399 "
        + "\u1F8C\u1F0C\u0399 \u1F8D\u1F0D\u0399 \u1F8E\u1F0E\u0399 \u1F8F\u1F0F\u0399 \u1F90\u1F28\u0399 \u1F91\u1F29\u0399 "
        + "\u1F92\u1F2A\u0399 \u1F93\u1F2B\u0399 \u1F94\u1F2C\u0399 \u1F95\u1F2D\u0399 \u1F96\u1F2E\u0399 \u1F97\u1F2F\u0399 "
        + "\u1F98\u1F28\u0399 \u1F99\u1F29\u0399 \u1F9A\u1F2A\u0399 \u1F9B\u1F2B\u0399 \u1F9C\u1F2C\u0399 \u1F9D\u1F2D\u0399 "
        + "\u1F9E\u1F2E\u0399 \u1F9F\u1F2F\u0399 \u1FA0\u1F68\u0399 \u1FA1\u1F69\u0399 \u1FA2\u1F6A\u0399 \u1FA3\u1F6B\u0399 "
        + "\u1FA4\u1F6C\u0399 \u1FA5\u1F6D\u0399 \u1FA6\u1F6E\u0399 \u1FA7\u1F6F\u0399 \u1FA8\u1F68\u0399 \u1FA9\u1F69\u0399 "
        + "\u1FAA\u1F6A\u0399 \u1FAB\u1F6B\u0399 \u1FAC\u1F6C\u0399 \u1FAD\u1F6D\u0399 \u1FAE\u1F6E\u0399 \u1FAF\u1F6F\u0399 "
        + "\u1FB2\u1FBA\u0399 \u1FB3\u0391\u0399 \u1FB4\u0386\u0399 \u1FB6\u0391\u0342 \u1FB7\u0391\u0342\u0399 \u1FBC\u0391\u0399 "
        + "\u1FC2\u1FCA\u0399 \u1FC3\u0397\u0399 \u1FC4\u0389\u0399 \u1FC6\u0397\u0342 \u1FC7\u0397\u0342\u0399 \u1FCC\u0397\u0399 "
        + "\u1FD2\u0399\u0308\u0300 \u1FD3\u0399\u0308\u0301 \u1FD6\u0399\u0342 \u1FD7\u0399\u0308\u0342 \u1FE2\u03A5\u0308\u0300 "
        + "\u1FE3\u03A5\u0308\u0301 \u1FE4\u03A1\u0313 \u1FE6\u03A5\u0342 \u1FE7\u03A5\u0308\u0342 \u1FF2\u1FFA\u0399 \u1FF3\u03A9\u0399 "
        + "\u1FF4\u038F\u0399 \u1FF6\u03A9\u0342 \u1FF7\u03A9\u0342\u0399 \u1FFC\u03A9\u0399 \uFB00\u0046\u0046 \uFB01\u0046\u0049 "
        + "\uFB02\u0046\u004C \uFB03\u0046\u0046\u0049 \uFB04\u0046\u0046\u004C \uFB05\u0053\u0054 \uFB06\u0053\u0054 \uFB13\u0544\u0546 "
        + "\uFB14\u0544\u0535 \uFB15\u0544\u053B \uFB16\u054E\u0546 \uFB17\u0544\u053D";

    private static readonly FrozenDictionary<char, string> Special = Capitals.Split(' ').ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    /// <summary>The text in capitals.</summary>
    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (Ascii.IsValid(text)) return upper;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (Special.TryGetValue(text[i], out var capitals)) result.Append(capitals);
            else result.Append(upper[i]);
        }

        return result.ToString();
    }

    /// <summary>The text in small letters; a sigma at the end of a word is a final one (Unicode §3.13, <c>Final_Sigma</c>).</summary>
    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Ascii.IsValid(text)) return lower;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == 'İ') result.Append("i\u0307");
            else if (text[i] == CapitalSigma && IsFinal(text, i)) result.Append(FinalSigma);
            else result.Append(lower[i]);
        }

        return result.ToString();
    }

    /// <summary>Whether a letter goes before and none follows; marks on letters do not count.</summary>
    private static bool IsFinal(string text, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsIgnored(text[before])) before--;
        var after = at + 1;
        while (after < text.Length && IsIgnored(text[after])) after++;
        return before >= 0 && char.IsLetter(text[before]) && !(after < text.Length && char.IsLetter(text[after]));
    }

    private static bool IsIgnored(char c) => c is '\'' or '.' or ':' or '\u00AD' or '’'
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.EnclosingMark or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.ModifierLetter
            or System.Globalization.UnicodeCategory.ModifierSymbol;
}
