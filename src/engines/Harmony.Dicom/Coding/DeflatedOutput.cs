using System.IO.Compression;

namespace Harmony.Dicom.Coding;

/// <summary>Deflates a data set, and pads what comes of it to an even length with a NUL: PS3.5 §A.5.</summary>
internal sealed class DeflatedOutput : IAsyncDisposable
{
    private readonly Stream _to;
    private readonly CountingStream _counted;

    /// <param name="to">Where the deflated bytes go; it stays open.</param>
    /// <param name="level">How hard to try.</param>
    public DeflatedOutput(Stream to, CompressionLevel level)
    {
        _to = to;
        _counted = new CountingStream(to);
        Stream = new DeflateStream(_counted, level, leaveOpen: true);
    }

    /// <summary>Takes the data set.</summary>
    public DeflateStream Stream { get; }

    /// <summary>All of the data set has been written.</summary>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        await Stream.DisposeAsync();
        if ((_counted.Count & 1) != 0) await _to.WriteAsync(new byte[1], ct);
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
            Count += count;
            inner.Write(buffer, offset, count);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
