using System.IO.Pipelines;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Writes to a pipe until its reader has gone; from then on an <see cref="IOException"/> says so.</summary>
internal sealed class PipeEnd(PipeWriter writer) : Stream
{
    private volatile bool _isAbandoned;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAbandoned || await writer.WriteAsync(buffer, cancellationToken) is { IsCompleted: true } or { IsCanceled: true }) throw new IOException("the reader has gone");
    }

    /// <summary>The reader has gone without a word; a write that waits for it ends.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        writer.CancelPendingFlush();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is written asynchronously");
}
