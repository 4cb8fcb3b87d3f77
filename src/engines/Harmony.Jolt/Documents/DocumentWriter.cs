using System.Globalization;
using System.Text.Json;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Writes a document as JSON.</summary>
internal static class DocumentWriter
{
    private const int BytesPerWork = 16;

    /// <summary>Writes <paramref name="value"/>; a missing one as <c>null</c>.</summary>
    /// <exception cref="JoltException">It nests deeper than <paramref name="maxDepth"/>, or is too long to write.</exception>
    public static void Write(Utf8JsonWriter json, DocValue value, int maxDepth, WorkMeter meter)
    {
        meter.Spend();
        switch (value.Kind)
        {
            case DocKind.Object: WriteObject(json, value.AsObject!, maxDepth, meter); break;
            case DocKind.Array: WriteArray(json, value.AsArray!, maxDepth, meter); break;
            case DocKind.True or DocKind.False: json.WriteBooleanValue(value.Kind == DocKind.True); break;
            case DocKind.String or DocKind.Number: WriteText(json, value, meter); break;
            default: json.WriteNullValue(); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, DocObject obj, int depth, WorkMeter meter)
    {
        if (depth == 0) throw Depth.Exceeded();
        json.WriteStartObject();
        foreach (var (key, value) in obj.Members)
        {
            json.WritePropertyName(key);
            Write(json, value, depth - 1, meter);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, DocArray array, int depth, WorkMeter meter)
    {
        if (depth == 0) throw Depth.Exceeded();
        json.WriteStartArray();
        foreach (var item in array.Items) Write(json, item, depth - 1, meter);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, DocValue value, WorkMeter meter)
    {
        if (value.TryGetRaw(out var raw))
        {
            meter.Spend(raw.Length / BytesPerWork);
            json.WriteRawValue(raw, skipInputValidation: true);
            return;
        }

        var text = value.GetText();
        meter.Spend(text.Length / BytesPerWork);
        if (value.Kind == DocKind.Number) json.WriteRawValue(text, skipInputValidation: true);
        else json.WriteStringValue(text);
    }
}

/// <summary>
/// Doubles as Java writes them (<c>Double.toString</c>): the shortest digits that read back as the same double, at least two of them,
/// plain from 0.001 up to ten millions, with an exponent elsewhere. Always with a fraction, so that <c>4.0</c> stays a double to every reader.
/// </summary>
internal static class DoubleText
{
    private const double PlainFrom = 1e-3;
    private const double PlainBelow = 1e7;

    public static string Of(double value)
    {
        var magnitude = Math.Abs(value);
        return magnitude is 0 or (>= PlainFrom and < PlainBelow) ? Plain(value) : Scientific(value);
    }

    private static string Plain(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }

    /// <summary>Digits and exponent come from one and the same text: those of a longer one may stand on the other side of a power of ten.</summary>
    private static string Scientific(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        // Of 2^-25 and 2^-958 the runtime gives a digit too few, which reads back as the double below.
        var (digits, exponent) = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) == value ? Taken(text) : OfSeventeen(value);
        // Where one digit would do, Java gives the two that are nearest: the smallest double is 4.9E-324, not 5.0E-324.
        if (digits.Length == 1) (digits, exponent) = Taken(value.ToString("E1", CultureInfo.InvariantCulture));
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return $"{(value < 0 ? "-" : "")}{digits[0]}.{fraction}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The digits of a text without zeros at both ends, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Taken(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var number = (mark < 0 ? text : text[..mark]).TrimStart('-');
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var digits = number.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        var power = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (digits.Trim('0'), power + (point < 0 ? number.Length : point) - 1 - leading);
    }

    /// <summary>The nearest seventeen digits, of two that are equally near the even ones.</summary>
    private static (string Digits, int Exponent) OfSeventeen(double value)
    {
        var (all, exponent) = Taken(value.ToString("E60", CultureInfo.InvariantCulture));
        var digits = decimal.Parse($"{all[0]}.{all[1..Math.Min(all.Length, 28)]}", CultureInfo.InvariantCulture);
        return Taken($"{Math.Round(digits, 16, MidpointRounding.ToEven).ToString(CultureInfo.InvariantCulture)}E{exponent}");
    }
}
