using System.Globalization;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Objects;

/// <summary>The values of an object that metadata refer to by URI, and how they are opened.</summary>
public static class BulkValues
{
    /// <summary>Finds a value by where it is: <c>7FE00010</c>, or <c>00880200/1/7FE00010</c> within items, which are counted from 1.</summary>
    /// <returns>Null where there is no such element.</returns>
    public static DicomElement? Find(DicomDataSet dataSet, string path)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('/');
        for (var i = 0; ; i += 2)
        {
            if (parts[i].Length != 8 || !DicomTag.TryParse(parts[i], out var tag) || !dataSet.TryGet(tag, out var element)) return null;
            if (i == parts.Length - 1) return element;
            if (i + 2 >= parts.Length || element is not DicomSequence { Items: var items }) return null;
            if (!int.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > items.Count) return null;
            dataSet = items[number - 1];
        }
    }

    /// <summary>Every value that is longer than <paramref name="threshold"/>, or is not in memory, with where it is, those of items too.</summary>
    public static IEnumerable<(string Path, DicomElement Element)> In(DicomDataSet dataSet, int threshold)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return In(dataSet, threshold, "");
    }

    /// <summary>Whether metadata refer to a value instead of holding it.</summary>
    public static bool IsBulk(DicomElement element, int threshold) => element switch
    {
        DicomBulkValue or DicomFragments => true,
        DicomValue value => value.Tag == DicomTag.PixelData || (value.Vr.IsBulk() && value.Bytes.Length > threshold),
        _ => false,
    };

    /// <summary>How long a value is as <see cref="OpenAsync"/> gives it; null where only reading it tells.</summary>
    public static long? LengthOf(DicomElement element) => element switch
    {
        DicomValue value => value.Bytes.Length,
        DicomBulkValue bulk => bulk.Data.Length,
        DicomFragments { Fragments: var fragments } => fragments.Sum(f => f.Length),
        _ => null,
    };

    /// <summary>Opens a value in little endian order; compressed pixel data are their fragments one after another.</summary>
    /// <exception cref="IOException">It cannot be read any more.</exception>
    public static async ValueTask<Stream> OpenAsync(DicomElement element, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element switch
        {
            DicomValue value => await new MemoryBulkData(value.Bytes).OpenAsync(ct),
            DicomBulkValue { Data: { IsBigEndian: true } data } when element.Vr.WordSize() > 1 => new SwappedStream(await data.OpenAsync(ct), element.Vr.WordSize()),
            DicomBulkValue { Data: var data } => await data.OpenAsync(ct),
            DicomFragments { Fragments: var fragments } => new JoinedStream(fragments),
            _ => throw new ArgumentException($"{element} has no bytes of its own", nameof(element)),
        };
    }

    private static IEnumerable<(string Path, DicomElement Element)> In(DicomDataSet dataSet, int threshold, string before)
    {
        foreach (var element in dataSet)
        {
            var path = before + element.Tag.ToHex();
            if (IsBulk(element, threshold)) yield return (path, element);
            if (element is not DicomSequence { Items: var items }) continue;
            for (var i = 0; i < items.Count; i++)
            {
                foreach (var inner in In(items[i], threshold, string.Create(CultureInfo.InvariantCulture, $"{path}/{i + 1}/"))) yield return inner;
            }
        }
    }
}
