using System.Globalization;
using System.Text.Json;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Json;

/// <summary>How to write DICOM JSON.</summary>
public sealed record DicomJsonWriterOptions
{
    /// <summary>The defaults: everything inline.</summary>
    public static DicomJsonWriterOptions Default { get; } = new();

    /// <summary>
    /// Gives the URI to write in place of a blob (VRs OB to OW, UN, and everything that is not in memory), or null to write it inline. Compressed pixel data
    /// need one. The first argument is where the element is: <c>7FE00010</c>, in an item <c>00880200/1/7FE00010</c>, items counted from 1.
    /// </summary>
    public Func<string, DicomElement, string?>? BulkDataUri { get; init; }
}

/// <summary>
/// Writes data sets in the DICOM JSON Model: PS3.18 annex F. Text becomes UTF-8, and (0008,0005) says so. Group lengths are left out.
/// </summary>
public static class DicomJsonWriter
{
    /// <summary>Writes a data set as one JSON object.</summary>
    /// <exception cref="InvalidOperationException">A value is not in memory and has no URI.</exception>
    public static void Write(Utf8JsonWriter writer, DicomDataSet dataSet, DicomJsonWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(dataSet);
        WriteDataSet(writer, dataSet, "", options ?? DicomJsonWriterOptions.Default);
    }

    /// <summary>A data set as JSON text in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">A value is not in memory and has no URI.</exception>
    public static byte[] ToUtf8(DicomDataSet dataSet, DicomJsonWriterOptions? options = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, dataSet, options);
        }

        return stream.ToArray();
    }

    private static void WriteDataSet(Utf8JsonWriter writer, DicomDataSet dataSet, string path, DicomJsonWriterOptions options)
    {
        writer.WriteStartObject();
        foreach (var element in dataSet)
        {
            if (element.Tag.IsGroupLength) continue;
            writer.WriteStartObject(element.Tag.ToHex());
            writer.WriteString("vr", element.Vr.ToLetters());
            if (!element.IsEmpty) WriteValue(writer, element, path, options);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, DicomElement element, string path, DicomJsonWriterOptions options)
    {
        switch (element)
        {
            case DicomSequence sequence:
                writer.WriteStartArray("Value");
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    WriteDataSet(writer, sequence.Items[i], string.Create(CultureInfo.InvariantCulture, $"{path}{sequence.Tag.Value:X8}/{i + 1}/"), options);
                }

                writer.WriteEndArray();
                break;
            case DicomValue { Vr: Vr.CS } value when value.Tag == DicomTag.SpecificCharacterSet:
                writer.WriteStartArray("Value");
                writer.WriteStringValue("ISO_IR 192");
                writer.WriteEndArray();
                break;
            case DicomValue value when !value.Vr.IsBulk():
                DicomJsonValues.Write(writer, value);
                break;
            default:
                WriteBulk(writer, element, path, options);
                break;
        }
    }

    private static void WriteBulk(Utf8JsonWriter writer, DicomElement element, string path, DicomJsonWriterOptions options)
    {
        var uri = options.BulkDataUri?.Invoke(path + element.Tag.ToHex(), element) ?? ((element as DicomBulkValue)?.Data as UriBulkData)?.Uri;
        if (uri is not null)
        {
            writer.WriteString("BulkDataURI", uri);
            return;
        }

        writer.WriteBase64String("InlineBinary", InlineBinary.Of(element));
    }
}
