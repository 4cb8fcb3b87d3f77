using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Adapters.Http;

/// <summary>The body a client sends. What is wrong with it is told in words that every step of a pipeline understands.</summary>
internal sealed class RequestBodyStream(HttpExchange exchange) : AsyncReadStream
{
    /// <summary>A chunk of one byte takes six, and extensions and trailers are seldom and short.</summary>
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

    /// <summary>Most bytes in which a body of so many may come in chunks; null for any number.</summary>
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

    /// <summary>Counts bytes of the body as they are without their framing.</summary>
    /// <returns>Whether there are not too many.</returns>
    private bool TryCount(int read) => (exchange.BytesIn += read) <= (exchange.MaxBodySize ?? long.MaxValue);

    private GatewayException TooLarge() => FaultOf(new BadHttpRequestException($"it is larger than {exchange.MaxBodySize} bytes", StatusCodes.Status413PayloadTooLarge));

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
