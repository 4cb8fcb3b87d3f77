namespace Harmony.Dicom.Data;

/// <summary>A stream that is read once, from its beginning to its end. Only the reading is left to write.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A part of a seekable stream, which it owns, read from its beginning to its end.</summary>
internal sealed class StreamSection : ForwardStream
{
    private readonly Stream _inner;
    private long _left;

    public StreamSection(Stream inner, long offset, long length)
    {
        inner.Seek(offset, SeekOrigin.Begin);
        (_inner, _left) = (inner, length);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Count(_inner.Read(buffer[..Limit(buffer.Length)]), buffer.Length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => Count(await _inner.ReadAsync(buffer[..Limit(buffer.Length)], cancellationToken), buffer.Length);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    private int Limit(int wanted) => (int)Math.Min(wanted, _left);

    private int Count(int read, int wanted)
    {
        if (read == 0 && _left > 0 && wanted > 0) throw new EndOfStreamException($"the file has become shorter: {_left} bytes of the value are missing");
        _left -= read;
        return read;
    }
}
