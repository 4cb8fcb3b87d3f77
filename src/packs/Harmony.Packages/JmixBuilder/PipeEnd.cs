using System.IO.Pipelines;
using Harmony.Jmix.Packaging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Writes to a pipe until its reader has gone; from then on an <see cref="IOException"/> says so.</summary>
internal sealed class PipeEnd(PipeWriter writer) : WriteOnlyStream
{
    private volatile bool _isAbandoned;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAbandoned || await writer.WriteAsync(buffer, cancellationToken) is { IsCompleted: true } or { IsCanceled: true })
            throw new IOException("the reader has gone");
    }

    /// <summary>Tells that the reader has gone without completing the pipe; a write that waits for the reader ends.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        writer.CancelPendingFlush();
    }
}
