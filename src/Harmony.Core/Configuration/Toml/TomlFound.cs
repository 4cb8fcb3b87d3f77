using System.Globalization;
using System.Text;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Words for what stands at a place where something else was expected.</summary>
internal static class TomlFound
{
    /// <summary>How much of a text a message repeats.</summary>
    public const int LongestQuote = 40;

    /// <summary>What stands at the cursor: <c>the end of the line</c>, <c>'word'</c>, <c>U+000B (a control character)</c>.</summary>
    public static string Describe(TomlCursor cursor)
    {
        if (cursor.AtEnd) return "the end of the file";
        if (cursor.AtNewline) return "the end of the line";
        if (cursor.Current == '#') return "a comment";
        var ahead = cursor.Ahead;
        var length = 0;
        while (length < ahead.Length && TomlCharacters.IsBareKey(ahead[length])) length++;
        return length > 0 ? Quote(ahead[..length].ToString()) : Describe(ahead);
    }

    /// <summary><paramref name="text"/> between apostrophes, cut to a length that a message can bear, nothing invisible in it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length > LongestQuote) return quoted.Append("…'").ToString();
            if (IsVisible(rune)) quoted.Append(rune.ToString());
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>The first character of <paramref name="text"/>.</summary>
    public static string Describe(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out _);
        if (rune.Value == '\r') return "a carriage return without a line feed";
        if (rune.IsBmp && TomlCharacters.IsControl((char)rune.Value)) return $"U+{rune.Value:X4} (a control character)";
        if (rune.IsBmp && TomlCharacters.IsSmartQuote((char)rune.Value)) return $"'{rune}' (a typographic quote: use \" or ')";
        if (rune.Value == 0xFEFF) return "U+FEFF (a byte order mark, which may only start the file)";
        return IsVisible(rune) ? $"'{rune}'" : $"U+{rune.Value:X4} (which is not an ordinary space)";
    }

    /// <summary>Whether a message may show <paramref name="rune"/> as it is.</summary>
    public static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
