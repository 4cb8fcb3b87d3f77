using System.Buffers;

namespace Harmony.Dicom.Coding;

/// <summary>Bytes of a stream, which stays the caller's.</summary>
internal sealed class StreamSource(Stream stream) : ByteSource
{
    private const int BufferSize = 64 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;

    public override ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    public override bool IsStable => false;

    public override void Consume(int count)
    {
        _start += count;
        Position += count;
    }

    public override async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
        _end += read;
        return read > 0;
    }

    public override long Skip(long count)
    {
        if (!stream.CanSeek || _end > _start) return 0;
        var skipped = Math.Clamp(stream.Length - stream.Position, 0, count);
        stream.Seek(skipped, SeekOrigin.Current);
        Position += skipped;
        return skipped;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true); // it may hold names
        _buffer = [];
        (_start, _end) = (0, 0);
        base.Dispose(disposing);
    }
}
