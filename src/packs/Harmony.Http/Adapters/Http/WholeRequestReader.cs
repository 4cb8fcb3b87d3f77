using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// What a client sends, for Kestrel's reader of HTTP/1.1. Kestrel refuses a body as cut short when it sees the client's FIN together with the body's last
/// bytes, although all of them are there. The end is therefore shown behind the bytes: when they have been read, or when Kestrel can do nothing with them.
/// </summary>
internal sealed class WholeRequestReader(PipeReader inner) : PipeReader
{
    /// <summary>Bytes that were shown last without the end that follows them; -1 while there is no end.</summary>
    private long _shown = -1;

    /// <summary>Puts a reader of this kind into each connection of a listener. To be called after TLS is added: then it reads what TLS has decrypted.</summary>
    public static void Use(ListenOptions listen) => listen.Use(next => context =>
    {
        context.Transport = new ClientTransport(new WholeRequestReader(context.Transport.Input), context.Transport.Output);
        return next(context);
    });

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(WithoutEnd(reading.Result)) : WaitAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = WithoutEnd(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading) => WithoutEnd(await reading);

    private ReadResult WithoutEnd(in ReadResult result)
    {
        if (!result.IsCompleted || result.Buffer.IsEmpty || result.Buffer.Length == _shown) return result;
        _shown = result.Buffer.Length;
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}

/// <summary>Both directions of a client's connection.</summary>
internal sealed class ClientTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
