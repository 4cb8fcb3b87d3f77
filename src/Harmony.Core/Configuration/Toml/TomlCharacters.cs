namespace Harmony.Core.Configuration.Toml;

/// <summary>The character classes of the TOML grammar.</summary>
internal static class TomlCharacters
{
    /// <summary>Refused everywhere, comments included. A line feed is one too: whoever allows it asks for it first.</summary>
    public static bool IsControl(char c) => c is (< ' ' and not '\t') or '\u007f';

    /// <summary>White space within a line. Only these two, however much others look like it.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t';

    public static bool IsBareKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    public static bool IsQuote(char c) => c is '"' or '\'';

    /// <summary>The quotes that word processors put where someone typed a plain one.</summary>
    public static bool IsSmartQuote(char c) => c is '\u2018' or '\u2019' or '\u201a' or '\u201c' or '\u201d' or '\u201e' or '\u00ab' or '\u00bb';
}
