using Harmony.Core.Content;
using Harmony.Http.Services.Http.Forwarding.Http1;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>A target's end of a connection that has switched protocols. Reads end when no byte has moved for the time allowed.</summary>
internal sealed class SwitchedStream(Http1Connection connection, ActivityTimeout deadline) : AsyncReadStream
{
    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = cancellationToken.UnsafeRegister(static state => ((ActivityTimeout)state!).Cancel(), deadline);
        return await connection.ReadAsync(buffer, deadline.Token);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => connection.SendAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => connection.SendAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the direction to the target; the target may go on sending.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask EndSendingAsync() => connection.EndSendingAsync();

    /// <summary>Ends both directions so that the target does not take what it got for the whole.</summary>
    public void Reset() => connection.Reset();

    protected override void Dispose(bool disposing)
    {
        if (disposing) connection.Dispose();
        base.Dispose(disposing);
    }
}
