using Harmony.Core.Content;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>A target's end of a connection that has switched protocols. Reads end when no byte has moved for the time allowed.</summary>
internal sealed class SwitchedStream(Stream inner, ActivityTimeout deadline) : AsyncReadStream
{
    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = cancellationToken.UnsafeRegister(static state => ((ActivityTimeout)state!).Cancel(), deadline);
        return await inner.ReadAsync(buffer, deadline.Token);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => inner.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
