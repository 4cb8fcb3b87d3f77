using Harmony.Core.Content;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>A body that ends after its declared length, whether or not the connection does.</summary>
/// <param name="inner">What follows the head.</param>
/// <param name="length">Bytes that are the body.</param>
internal sealed class BoundedStream(Stream inner, long length) : AsyncReadStream
{
    private long _remaining = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0 || buffer.IsEmpty) return 0;
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], cancellationToken);
        if (read == 0) throw new IOException("the connection was closed before the end of the answer");
        _remaining -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
