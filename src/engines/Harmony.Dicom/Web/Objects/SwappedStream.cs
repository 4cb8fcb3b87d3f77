using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Objects;

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
