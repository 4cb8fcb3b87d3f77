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

    /// <summary><paramref name="text"/> as a string of TOML.</summary>
    public static string Quoted(string text)
    {
        text = TomlFound.Quote(text)[1..^1];
        if (text.AsSpan().IndexOfAny('"', '\\') < 0) return $"\"{text}\"";
        if (!text.Contains('\'', StringComparison.Ordinal)) return $"'{text}'";
        return $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
