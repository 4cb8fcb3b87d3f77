using System.Buffers;
using System.Globalization;
using System.Text;

namespace Harmony.Core.Configuration.Toml;

/// <summary>What an author who wrote something that is no TOML most likely meant.</summary>
internal static class TomlHints
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 128).Select(i => (char)i).Where(TomlCharacters.IsControl)]);

    /// <summary>The message for an unquoted <paramref name="text"/> that is no value.</summary>
    /// <param name="text">All that stands where the value should.</param>
    /// <param name="problem">What is known about it already: a number out of range, a day that does not exist.</param>
    public static string ForValue(string text, string? problem)
    {
        if (problem is not null) return problem;
        if (TomlCharacters.IsSmartQuote(text[0])) return $"'{text[0]}' is a typographic quote: use \" or '";
        var control = text.AsSpan().IndexOfAny(Controls);
        if (control >= 0) return $"{TomlFound.Describe(text.AsSpan(control))} is not allowed in a value";
        return text.ToLowerInvariant() switch
        {
            "true" or "false" or "inf" or "nan" => $"{TomlFound.Quote(text)} is not a value: write {text.ToLowerInvariant()}",
            "yes" or "on" => $"{TomlFound.Quote(text)} is not a boolean: write true, or {Quoted(text)} for a string",
            "no" or "off" => $"{TomlFound.Quote(text)} is not a boolean: write false, or {Quoted(text)} for a string",
            "null" or "nil" or "none" => $"TOML has no {text}: leave the key out",
            _ => $"{TomlFound.Quote(text)} is not a value; strings need quotes: {Quoted(text)}",
        };
    }

    /// <summary>The hint for the content of a basic string that is a Windows path; null when it is none.</summary>
    public static string? ForWindowsPath(string content)
    {
        var isPath = content is [_, ':', '\\', ..] && char.IsAsciiLetter(content[0]);
        var isShare = content is ['\\', '\\', not '\\', ..];
        if (!isPath && !isShare) return null;
        if (content.EndsWith('"')) content = content[..^1];
        return $"use a literal string: {TomlFound.Quote(content)}";
    }

    /// <summary>The format of a file that is clearly no TOML, by its first line that is neither empty nor a comment; null where it may be TOML.</summary>
    public static (string Name, int Line)? ForOtherFormat(string text)
    {
        var number = 0;
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = each.Trim();
            if (line.IsEmpty || line[0] is '#') continue;
            if (line[0] == '{') return ("JSON", number);
            if (line is "---" || line.StartsWith("--- ") || line.StartsWith("%YAML")) return ("YAML", number);
            if (line[0] == '<') return ("XML", number);
            var colon = line.IndexOf(':');
            // "key:" and "key: value" without an equals sign; what follows may hold one of its own.
            var isPair = colon > 0 && (colon == line.Length - 1 || line[colon + 1] == ' ') && !line[..colon].ContainsAnyExcept(TomlKeyText.BareAndSpace);
            return isPair && !line[..colon].Trim().Contains(' ') && IsYamlBelow(text, number) ? ("YAML", number) : null;
        }

        return null;
    }

    /// <summary>One line with a colon may be a slip; a second one below is another language.</summary>
    private static bool IsYamlBelow(string text, int after)
    {
        var (number, pairs) = (0, 0);
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            var line = each.Trim();
            if (++number <= after || line.IsEmpty || line[0] is '#') continue;
            if (line[0] == '[' || line.Contains('=')) return false;
            if (line.Contains(':') || line.StartsWith("- ")) pairs++;
        }

        return pairs > 0;
    }

    /// <summary><paramref name="text"/> as a string of TOML.</summary>
    public static string Quoted(string text)
    {
        text = TomlFound.Quote(text)[1..^1];
        if (text.AsSpan().IndexOfAny('"', '\\') < 0) return $"\"{text}\"";
        if (!text.Contains('\'', StringComparison.Ordinal)) return $"'{text}'";
        return $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}

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
