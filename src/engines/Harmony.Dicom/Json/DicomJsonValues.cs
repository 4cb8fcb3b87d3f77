using System.Text.Json;
using System.Text;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Json;

/// <summary>Values in the form table F.2.3-1 of PS3.18 gives their VR.</summary>
internal static class DicomJsonValues
{
    public static void Write(Utf8JsonWriter writer, DicomValue value)
    {
        var texts = value.GetStrings();
        // Nothing but padding is no value.
        if (texts is [] or [""]) return;
        writer.WriteStartArray("Value");
        for (var i = 0; i < texts.Length; i++) WriteOne(writer, value, i, texts[i]);
        writer.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, DicomValue value, int index, string text)
    {
        switch (value.Vr)
        {
            case var _ when text.Length == 0:
                writer.WriteNullValue();
                break;
            case Vr.PN:
                WriteName(writer, PersonName.Parse(text));
                break;
            case Vr.DS or Vr.IS:
                // What is longer than its VR allows would lose digits in a reader of numbers.
                if (text.Length <= value.Vr.MaxCharacters() && DicomJsonNumber.TryNormalize(text, out var number))
                    writer.WriteRawValue(number, skipInputValidation: true);
                else writer.WriteStringValue(text);
                break;
            case Vr.FL or Vr.FD:
                value.TryGetDouble(index, out var real);
                if (double.IsFinite(real)) writer.WriteRawValue(text, skipInputValidation: true);
                else writer.WriteStringValue(double.IsNaN(real) ? "NaN" : real > 0 ? "inf" : "-inf");
                break;
            case Vr.US or Vr.SS or Vr.UL or Vr.SL:
                value.TryGetInt64(index, out var integer);
                writer.WriteNumberValue(integer);
                break;
            // SV and UV are text, as numbers of 64 bits are more than many readers of JSON can hold.
            default:
                writer.WriteStringValue(text);
                break;
        }
    }

    private static void WriteName(Utf8JsonWriter writer, PersonName name)
    {
        if (name.IsEmpty)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        if (name.Alphabetic.Length > 0) writer.WriteString("Alphabetic", name.Alphabetic);
        if (name.Ideographic.Length > 0) writer.WriteString("Ideographic", name.Ideographic);
        if (name.Phonetic.Length > 0) writer.WriteString("Phonetic", name.Phonetic);
        writer.WriteEndObject();
    }
}

/// <summary>Decimal and integer strings as JSON numbers, without a detour that loses digits.</summary>
internal static class DicomJsonNumber
{
    /// <summary>Takes what DS and IS allow and JSON does not out of a number: <c>+5</c>, <c>007</c>, <c>.5</c>, <c>5.</c>, <c>1E+2</c>.</summary>
    /// <returns>False if it is no number.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> text, out string number)
    {
        number = "";
        var result = new StringBuilder(text.Length + 2);
        if (text is ['-', ..]) result.Append('-');
        if (text is ['-' or '+', ..]) text = text[1..];
        var whole = Digits(ref text);
        var hasPoint = text is ['.', ..];
        if (hasPoint) text = text[1..];
        var fraction = hasPoint ? Digits(ref text) : default;
        if (whole.IsEmpty && fraction.IsEmpty) return false;
        whole = whole.TrimStart('0');
        result.Append(whole.IsEmpty ? "0" : whole);
        if (!fraction.IsEmpty) result.Append('.').Append(fraction);
        if (text is ['e' or 'E', ..])
        {
            result.Append(text[0]);
            text = text[1..];
            if (text is ['-', ..]) result.Append('-');
            if (text is ['-' or '+', ..]) text = text[1..];
            var exponent = Digits(ref text);
            if (exponent.IsEmpty) return false;
            result.Append(exponent);
        }

        number = result.ToString();
        return text.IsEmpty;
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        if (count < 0) count = text.Length;
        var digits = text[..count];
        text = text[count..];
        return digits;
    }
}

/// <summary>The bytes that stand inline in JSON and XML, words in little endian order.</summary>
internal static class InlineBinary
{
    /// <exception cref="InvalidOperationException">They are not in memory, or are fragments.</exception>
    public static ReadOnlySpan<byte> Of(DicomElement element)
    {
        switch (element)
        {
            case DicomValue value:
                return value.Bytes.Span;
            case DicomBulkValue { Data: var data } when !data.IsBigEndian && data.TryGetMemory(out var memory):
                return memory.Span;
            default:
                throw new InvalidOperationException(element is DicomFragments
                    ? $"{element} is compressed, for which there is no inline form: give a URI for it"
                    : $"{element} is not in memory: give a URI for it, or read the file with a BulkThreshold that takes it in");
        }
    }
}
