using System.Buffers;
using Harmony.Core.Envelope;

namespace Harmony.Http.Adapters.Http;

/// <summary>Carries bytes both ways between client and backend after a switch of protocols, until either side ends.</summary>
internal static class Tunnel
{
    public static async ValueTask RunAsync(HttpExchange exchange, HttpSwitch protocolSwitch, ResponseEnvelope response, CancellationToken ct)
    {
        await using var backend = response.SwitchedStream!;
        await using var client = await protocolSwitch.AcceptAsync(exchange);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var toBackend = CopyAsync(client, backend, read => exchange.BytesIn += read, response.OnProgress, ended.Token);
        var toClient = CopyAsync(backend, client, read => exchange.BytesOut += read, response.OnProgress, ended.Token);
        await Task.WhenAny(toBackend, toClient);
        await ended.CancelAsync();
        await Task.WhenAll(toBackend, toClient);
    }

    /// <summary>Ends without a fault when either side has closed: a tunnel has no other end.</summary>
    private static async Task CopyAsync(Stream from, Stream to, Action<int> count, Action? onProgress, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await from.ReadAsync(buffer, ct) is var read and > 0)
            {
                count(read);
                onProgress?.Invoke();
                await to.WriteAsync(buffer.AsMemory(0, read), ct);
                await to.FlushAsync(ct);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The side that went first decides; what it has not read is lost to it by its own will.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
