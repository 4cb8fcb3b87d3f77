using System.Buffers;

namespace Harmony.Modules.Services.DicomScu.Operations;

/// <summary>
/// The bytes of an object, which can be read again from the beginning as long as no more of them were read than may be kept in memory; those
/// of a stream that can seek always can.
/// </summary>
/// <param name="source">The bytes; not disposed.</param>
/// <param name="limit">Most bytes that are kept.</param>
internal sealed class RewindableStream(Stream source, long limit) : Stream
{
    private const int SegmentSize = 64 * 1024;

    private readonly long _start = source.CanSeek ? source.Position : 0;
    private List<byte[]>? _segments = source.CanSeek ? null : [];
    private long _kept;
    private long _at;

    /// <summary>Whether they can be read again.</summary>
    public bool CanRewind => source.CanSeek || _segments is not null;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The next read begins at the beginning.</summary>
    /// <exception cref="InvalidOperationException">Too much was read.</exception>
    public void Rewind()
    {
        if (!CanRewind) throw new InvalidOperationException("what was there is not kept any more");
        if (source.CanSeek) source.Position = _start;
        _at = 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_segments is null) return await source.ReadAsync(buffer, cancellationToken);
        if (_at < _kept) return Replay(buffer.Span);
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (_kept + read <= limit) Keep(buffer.Span[..read]);
        else LetGo();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        LetGo();
        base.Dispose(disposing);
    }

    private int Replay(Span<byte> buffer)
    {
        var within = (int)(_at % SegmentSize);
        var count = (int)Math.Min(Math.Min(buffer.Length, SegmentSize - within), _kept - _at);
        _segments![(int)(_at / SegmentSize)].AsSpan(within, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var within = (int)(_kept % SegmentSize);
            if (within == 0) _segments!.Add(ArrayPool<byte>.Shared.Rent(SegmentSize));
            var count = Math.Min(bytes.Length, SegmentSize - within);
            bytes[..count].CopyTo(_segments![^1].AsSpan(within));
            bytes = bytes[count..];
            _kept += count;
        }

        _at = _kept;
    }

    private void LetGo()
    {
        foreach (var segment in _segments ?? []) ArrayPool<byte>.Shared.Return(segment, clearArray: true); // they hold a patient's image
        _segments = null;
    }
}
