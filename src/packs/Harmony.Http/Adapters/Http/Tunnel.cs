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
        using var from = new TunnelReader(_client);
        try
        {
            while (await from.ReadAsync(_unheard.Token) is { IsEmpty: false } bytes)
            {
                _exchange.BytesIn += bytes.Length;
                _onProgress?.Invoke();
                if (!await TryAsync(_backend.WriteAsync(bytes))) return; // what the backend sent before it went is still delivered
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
    }

    private async Task ToClientAsync()
    {
        using var from = new TunnelReader(_backend);
        try
        {
            while (await from.ReadAsync(_broken.Token) is { IsEmpty: false } bytes)
            {
                _exchange.BytesOut += bytes.Length;
                _onProgress?.Invoke();
                await _client.WriteAsync(bytes, _broken.Token);
                await _client.FlushAsync(_broken.Token);
            }

            await EndClientAsync();
        }
        catch (Exception e) when (IsEndOf(e))
        {
            // The backend broke off, or was silent for too long, or the client takes no more. The client's reading ends with its connection.
            if (!_exchange.Lifetime.RequestAborted.IsCancellationRequested) _exchange.Lifetime.Abort();
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

/// <summary>Reads one direction of a tunnel, and holds no buffer while the direction is silent.</summary>
internal sealed class TunnelReader(Stream source) : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private byte[]? _buffer;

    /// <summary>Reads what is there, or what comes next.</summary>
    /// <returns>The bytes, until the next call; none at the end.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        var waiting = source.ReadAsync(Memory<byte>.Empty, ct);
        if (!waiting.IsCompleted) Dispose();
        await waiting;
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        return _buffer.AsMemory(0, await source.ReadAsync(_buffer, ct));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
    }
}
