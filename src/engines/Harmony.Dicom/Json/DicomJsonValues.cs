using System.Text.Json;
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
                if (text.Length <= value.Vr.MaxCharacters() && DicomJsonNumber.TryNormalize(text, out var number)) writer.WriteRawValue(number, skipInputValidation: true);
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
