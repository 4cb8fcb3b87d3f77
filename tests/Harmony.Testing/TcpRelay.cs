using System.Net;
using System.Net.Sockets;

namespace Harmony.Testing;

/// <summary>Passes bytes on between its clients and a port of the loopback interface, and breaks connections where a test wants that.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Queue<long> _cuts = new();
    private readonly List<Task> _running = [];
    private readonly int _port;
    private int _connections;

    private TcpRelay(int port) => _port = port;

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>
    /// Is shown what the server sends, and how many bytes it has sent over that connection before; may change the bytes. False resets the connection before
    /// they are passed on.
    /// </summary>
    public Func<long, Memory<byte>, bool>? OnAnswer { get; set; }

    /// <summary>Begins to pass on what comes.</summary>
    /// <param name="port">Where to.</param>
    public static TcpRelay To(int port)
    {
        var relay = new TcpRelay(port);
        relay._listener.Start();
        relay._running.Add(relay.AcceptAsync());
        return relay;
    }

    /// <summary>
    /// Resets the connection over which a client sends the byte after this many further ones; of several cuts each begins to count when the one
    /// before has been made.
    /// </summary>
    public void CutAfter(long bytes)
    {
        lock (_lock) _cuts.Enqueue(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Task[] running;
        lock (_lock) running = [.. _running];
        await Task.WhenAll(running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                lock (_lock) _running.Add(RelayAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                var answered = 0L;
                await Task.WhenAny(PassAsync(client, server, bytes => IsCut(bytes.Length)), PassAsync(server, client, bytes =>
                {
                    var isCut = OnAnswer?.Invoke(answered, bytes) == false;
                    answered += bytes.Length;
                    return isCut;
                }));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // Nobody is there, or disposed.
            }

            // Not a proper end: what comes later is answered with a reset.
            client.LingerState = new LingerOption(true, 0);
        }
    }

    private async Task PassAsync(Socket from, Socket to, Func<Memory<byte>, bool> isCut)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                if (isCut(buffer.AsMemory(0, read))) return;
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone, and takes the other along.
        }
    }

    private bool IsCut(int count)
    {
        lock (_lock)
        {
            if (!_cuts.TryDequeue(out var left)) return false;
            if (left < count) return true;
            var others = _cuts.ToArray();
            _cuts.Clear();
            _cuts.Enqueue(left - count);
            foreach (var other in others) _cuts.Enqueue(other);
            return false;
        }
    }
}
