using System.Globalization;
using Harmony.Dicom.Coding;
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
    /// <exception cref="ArgumentException">The element is a sequence, which has no bytes of its own.</exception>
    /// <exception cref="IOException">The value can no longer be read.</exception>
    public static async ValueTask<Stream> OpenAsync(DicomElement element, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element switch
        {
            DicomValue value => await new MemoryBulkData(value.Bytes).OpenAsync(ct),
            DicomBulkValue { Data: { IsBigEndian: true } data } when element.Vr.WordSize() > 1
                => new SwappedStream(await data.OpenAsync(ct), element.Vr.WordSize()),
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

/// <summary>Several values as one stream. Each is opened when the one before has been read.</summary>
/// <param name="pieces">The values, in their order.</param>
internal sealed class JoinedStream(IReadOnlyList<BulkData> pieces) : ForwardStream
{
    private Stream? _current;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            if (_current is not null)
            {
                var read = await _current.ReadAsync(buffer, cancellationToken);
                if (read > 0) return read;
                await _current.DisposeAsync();
                _current = null;
            }

            if (_next == pieces.Count) return 0;
            _current = await pieces[_next++].OpenAsync(cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Words in the other byte order: DICOMweb knows little endian only (PS3.18 §8.7.3.5.1).</summary>
/// <param name="source">The words; disposed with this.</param>
/// <param name="size">Bytes of a word: 2, 4 or 8.</param>
internal sealed class SwappedStream(Stream source, int size) : ForwardStream
{
    private readonly byte[] _words = new byte[16 * 1024];
    private int _start;
    private int _end;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_start == _end)
        {
            _end = await source.ReadAtLeastAsync(_words, _words.Length, throwOnEndOfStream: false, cancellationToken);
            _start = 0;
            ByteOrder.Swap(_words.AsSpan(0, _end), size);
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _words.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }
}
