using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Harmony.Modules.Adapters.Http;

/// <summary>The body a client sends. What is wrong with it is told in words that every step of a pipeline understands.</summary>
internal sealed class RequestBodyStream(HttpExchange exchange) : AsyncReadStream
{
    private readonly Stream _inner = exchange.Request.Body;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = _inner.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? ValueTask.FromResult(Counted(reading.Result)) : WaitAsync(reading);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading)
    {
        try
        {
            return Counted(await reading);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            throw FaultOf(e);
        }
    }

    private int Counted(int read)
    {
        exchange.BytesIn += read;
        return read;
    }

    private GatewayException FaultOf(Exception e)
    {
        // Kestrel tells of a connection that ends within a body as of a malformed one.
        if (exchange.Lifetime.RequestAborted.IsCancellationRequested || e is ConnectionResetException or ConnectionAbortedException)
        {
            return new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e);
        }

        var kind = (e as BadHttpRequestException)?.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => FaultKind.TooLarge,
            StatusCodes.Status408RequestTimeout => FaultKind.Timeout,
            _ => FaultKind.Malformed,
        };
        return new GatewayException(FaultSource.Client, kind, $"the body cannot be read: {e.Message}", e);
    }
}
