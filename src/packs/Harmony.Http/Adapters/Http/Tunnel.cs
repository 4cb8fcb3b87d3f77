using System.Buffers;
using Harmony.Core.Envelope;
using Harmony.Http.Services.Http.Forwarding;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// Carries bytes both ways between client and backend after a switch of protocols. Each direction ends by itself: what one side has sent before its end is
/// delivered, then the end is passed on, and the other direction goes on. Only a connection that breaks ends both.
/// </summary>
/// <remarks>
/// The reads from the client are not tied to "request aborted": Kestrel may trip that token while received bytes are still unread. They fail by themselves when
/// the connection breaks.
/// </remarks>
internal sealed class Tunnel
{
    private const int BufferSize = 16 * 1024;

    private readonly HttpExchange _exchange;
    private readonly bool _isHttp2;
    private readonly SwitchedStream _backend;
    private readonly Stream _client;
    private readonly Action? _onProgress;
    private readonly CancellationTokenSource _broken;
    private readonly CancellationTokenSource _unheard;

    private Tunnel(
        HttpExchange exchange, bool isHttp2, SwitchedStream backend, Stream client, Action? onProgress, CancellationTokenSource broken,
        CancellationTokenSource unheard)
    {
        (_exchange, _isHttp2, _backend, _client) = (exchange, isHttp2, backend, client);
        (_onProgress, _broken, _unheard) = (onProgress, broken, unheard);
    }

    public static async ValueTask RunAsync(HttpExchange exchange, HttpSwitch protocolSwitch, ResponseEnvelope response)
    {
        await using var backend = (SwitchedStream)response.SwitchedStream!;
        await using var client = await protocolSwitch.AcceptAsync(exchange);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(exchange.Lifetime.RequestAborted);
        using var unheard = new CancellationTokenSource();
        var tunnel = new Tunnel(exchange, protocolSwitch.IsExtendedConnect, backend, client, response.OnProgress, broken, unheard);
        await Task.WhenAll(tunnel.ToBackendAsync(), tunnel.ToClientAsync());
    }

    private async Task ToBackendAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await _client.ReadAsync(buffer, _unheard.Token) is var read and > 0)
            {
                _exchange.BytesIn += read;
                _onProgress?.Invoke();
                if (!await TryAsync(_backend.WriteAsync(buffer.AsMemory(0, read)))) return; // what the backend sent before it went is still delivered
            }

            await TryAsync(_backend.EndSendingAsync());
        }
        catch (OperationCanceledException) when (_unheard.IsCancellationRequested)
        {
            // The backend has ended, and only the end of the whole connection can tell the client.
        }
        catch (Exception e) when (IsEndOf(e))
        {
            // The client broke off: an orderly end would pass a part for the whole.
            _backend.Reset();
            await _broken.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ToClientAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await _backend.ReadAsync(buffer, _broken.Token) is var read and > 0)
            {
                _exchange.BytesOut += read;
                _onProgress?.Invoke();
                await _client.WriteAsync(buffer.AsMemory(0, read), _broken.Token);
                await _client.FlushAsync(_broken.Token);
            }

            await EndClientAsync();
        }
        catch (Exception e) when (IsEndOf(e))
        {
            // The backend broke off, or was silent for too long, or the client takes no more. The client's reading ends with its connection.
            if (!_exchange.Lifetime.RequestAborted.IsCancellationRequested) _exchange.Lifetime.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Passes the backend's end on: in HTTP/2 by END_STREAM (RFC 8441 §5), in HTTP/1.1 by FIN or close_notify.</summary>
    private async ValueTask EndClientAsync()
    {
        if (_isHttp2) await _exchange.ResponseBody.CompleteAsync();
        else if (_exchange.Client is not { } client || !await client.TryEndSendingAsync(_broken.Token)) await _unheard.CancelAsync(); // the end of both says it
    }

    private static async ValueTask<bool> TryAsync(ValueTask writing)
    {
        try
        {
            await writing;
            return true;
        }
        catch (Exception e) when (IsEndOf(e))
        {
            return false;
        }
    }

    private static bool IsEndOf(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException;
}
