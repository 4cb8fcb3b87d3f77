using System.Text;

namespace Harmony.Jolt.Paths;

/// <summary>A backslash makes the character after it an ordinary one.</summary>
internal static class Escapes
{
    /// <summary><paramref name="text"/> without its backslashes: <c>\@id</c> becomes <c>@id</c>.</summary>
    public static string Resolve(string text) => Rewrite(text, keepEscaped: true);

    /// <summary><paramref name="text"/> without its escaped characters, to see which special ones are left: <c>\@id*</c> becomes <c>id*</c>.</summary>
    public static string Strip(string text) => Rewrite(text, keepEscaped: false);

    /// <summary>Splits at every <paramref name="separator"/> that is not escaped. The parts keep their backslashes.</summary>
    public static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Rewrite(string text, bool keepEscaped)
    {
        if (!text.Contains('\\')) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') result.Append(text[i]);
            else if (++i < text.Length && keepEscaped) result.Append(text[i]);
        }

        return result.ToString();
    }
}
