using System.Collections;
using System.Globalization;
using System.Text;

namespace Harmony.Core.Configuration.Reference;

/// <summary>Writes a value as it would stand in a configuration.</summary>
public static class TomlText
{
    /// <summary>The value as TOML text; null where it is nothing that could be written, or a table.</summary>
    public static string? Of(object? value) => value switch
    {
        string text => Quoted(text),
        bool boolean => boolean ? "true" : "false",
        Enum name => Quoted(SnakeCase.From(name.ToString())),
        int or long => Convert.ToString(value, CultureInfo.InvariantCulture),
        double number => number.ToString("0.0###", CultureInfo.InvariantCulture),
        IDictionary or ConfigNode or null => null,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ => null,
    };

    /// <summary>A basic string.</summary>
    public static string Quoted(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                < ' ' or '\x7f' => $"\\u{(int)c:X4}",
                _ => c.ToString(),
            });
        }

        return result.Append('"').ToString();
    }
}
