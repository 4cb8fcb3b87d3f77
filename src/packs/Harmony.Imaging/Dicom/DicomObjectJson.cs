using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;

namespace Harmony.Imaging.Dicom;

/// <summary>The header of an object as DICOM JSON and back. Long values without text stand there as <c>BulkDataURI</c> and come back by it.</summary>
internal static class DicomObjectJson
{
    /// <summary>Prefix of the URIs of values that stay with the object; what follows is their place.</summary>
    private const string Kept = "object:";

    private const int LongestInline = 1024;

    private static readonly DicomJsonWriterOptions Options = new() { BulkDataUri = UriOf };

    /// <summary>The header as data.</summary>
    public static JsonObject Write(DicomDataSet header) => (JsonObject)JsonNode.Parse(DicomJsonWriter.ToUtf8(header, Options))!;

    /// <summary>Data as header.</summary>
    /// <param name="json">DICOM JSON.</param>
    /// <param name="original">What long values are taken from.</param>
    /// <exception cref="Harmony.Dicom.Coding.DicomFormatException">It is not in the model.</exception>
    /// <exception cref="ArgumentException">It refers to a value that the object does not have.</exception>
    public static DicomDataSet Read(JsonObject json, DicomDataSet original)
    {
        using var document = JsonSerializer.SerializeToDocument(json);
        var read = DicomJsonReader.Read(document.RootElement);
        var kept = new Dictionary<string, DicomElement>(StringComparer.Ordinal);
        Collect(original, "", kept);
        return WithKept(read.ToBuilder(), read, kept);
    }

    private static string? UriOf(string place, DicomElement element) => element is DicomValue { Bytes.Length: <= LongestInline } ? null : Kept + place;

    private static void Collect(DicomDataSet dataSet, string path, Dictionary<string, DicomElement> kept)
    {
        foreach (var element in dataSet)
        {
            var place = path + element.Tag.ToHex();
            if (element is DicomSequence sequence)
            {
                for (var i = 0; i < sequence.Items.Count; i++) Collect(sequence.Items[i], $"{place}/{i + 1}/", kept);
            }
            else if (UriOf(place, element) is { } uri)
            {
                kept[uri] = element;
            }
        }
    }

    private static DicomDataSet WithKept(DicomDataSetBuilder builder, DicomDataSet read, Dictionary<string, DicomElement> kept)
    {
        foreach (var element in read)
        {
            if (element is DicomSequence sequence)
            {
                builder.Set(element.Tag, [.. sequence.Items.Select(i => WithKept(i.ToBuilder(), i, kept))]);
            }
            else if (element is DicomBulkValue { Data: UriBulkData { Uri: var uri } })
            {
                if (!kept.TryGetValue(uri, out var original))
                    throw new ArgumentException($"{element} has a BulkDataURI of another object", nameof(read));
                builder.Set(original);
            }
        }

        return builder.Build();
    }
}
