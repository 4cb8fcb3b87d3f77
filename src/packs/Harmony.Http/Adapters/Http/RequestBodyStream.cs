using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Adapters.Http;

/// <summary>The body a client sends. What is wrong with it becomes a fault, which every step of a pipeline understands.</summary>
internal sealed class RequestBodyStream(HttpExchange exchange) : AsyncReadStream
{
    /// <summary>Bytes on the wire for each byte of the body: a chunk of one byte takes six; extensions and trailers are rare and short.</summary>
    private const int MostPerByte = 6;

    private const int MostBesides = 64 * 1024;

    private readonly Stream _inner = exchange.Request.Body;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = _inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully) return WaitAsync(reading);
        var read = reading.Result;
        return TryCount(read) ? ValueTask.FromResult(read) : ValueTask.FromException<int>(TooLarge());
    }

    /// <summary>The most bytes that a body of this length may take in chunks; null for no limit.</summary>
    public static long? MostInChunks(long limit) => limit > (long.MaxValue - MostBesides) / MostPerByte ? null : (limit * MostPerByte) + MostBesides;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading)
    {
        try
        {
            var read = await reading;
            return TryCount(read) ? read : throw TooLarge();
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            throw FaultOf(e);
        }
    }

    /// <summary>Counts bytes of the body, without their framing.</summary>
    /// <returns>Whether the body is still within its limit.</returns>
    private bool TryCount(int read) => (exchange.BytesIn += read) <= (exchange.MaxBodySize ?? long.MaxValue);

    private GatewayException TooLarge()
        => FaultOf(new BadHttpRequestException($"it is larger than {exchange.MaxBodySize} bytes", StatusCodes.Status413PayloadTooLarge));

    private GatewayException FaultOf(Exception e)
    {
        // Kestrel tells of a connection that ends within a body as of a malformed one.
        if (exchange.IsUnheard || e is ConnectionResetException or ConnectionAbortedException)
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
