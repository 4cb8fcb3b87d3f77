namespace Harmony.Dicom.Coding;

/// <summary>What is left of a source, or the next bytes of it.</summary>
/// <param name="source">The source.</param>
/// <param name="length">How many bytes; there may be fewer.</param>
/// <param name="ownsSource">Whether the source ends with this.</param>
internal sealed class ByteSourceStream(ByteSource source, long length = long.MaxValue, bool ownsSource = false) : Stream
{
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _left == 0 || (source.Buffered.IsEmpty && !await source.FillAsync(cancellationToken))) return 0;
        var count = (int)Math.Min(Math.Min(buffer.Length, source.Buffered.Length), _left);
        source.Buffered[..count].CopyTo(buffer);
        source.Consume(count);
        _left -= count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsSource) source.Dispose();
        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
