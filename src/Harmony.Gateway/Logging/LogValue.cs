using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Harmony.Gateway.Logging;

/// <summary>Writes the values of fields and scopes.</summary>
internal static class LogValue
{
    // A list in a log line is a hint, not an export.
    private const int MaxItems = 100;

    /// <summary>A value in words.</summary>
    public static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => $"{bytes.Length} bytes",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Take(MaxItems).Select(TextOf)),
        _ => value.ToString() ?? "null",
    };

    /// <summary>A value as JSON: numbers and truth values as such, lists as arrays, everything else in words.</summary>
    public static void WriteTo(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case IEnumerable items and not (string or byte[] or IFormattable):
                json.WriteStartArray();
                foreach (var item in items.Cast<object?>().Take(MaxItems))
                    json.WriteStringValue(TextOf(item));
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(TextOf(value));
                break;
        }
    }
}
