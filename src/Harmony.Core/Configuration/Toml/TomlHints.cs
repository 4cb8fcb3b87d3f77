using System.Buffers;

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
