using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmony.Testing;

namespace Harmony.Benchmarks.Idle;

/// <summary>Something that clients leave idle.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Request">What a client sends.</param>
/// <param name="Response">What the origin sends, and then falls silent.</param>
/// <param name="Budget">Most bytes that one may hold, with its sockets at client and origin, which are in this process.</param>
internal sealed record IdleKind(string Name, string Request, string Response, long Budget);

/// <summary>Holds streams and connections on which nothing goes on to a budget of managed memory.</summary>
internal static class IdleCheck
{
    /// <summary>Few enough for a process that may open 1024 files: each takes four.</summary>
    private const int Count = 200;

    /// <summary>Pools of the process grow now and then, by two megabytes at once: what is over the budget every time is held.</summary>
    private const int Tries = 3;

    private const int Looks = 20;
    private const string Get = "GET /watch HTTP/1.1\r\nHost: gateway.example\r\nAccept: text/event-stream\r\n";
    private const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static readonly IdleKind[] Kinds =
    [
        new("idle/event-stream", Get + "\r\n", Stream, 40_000),
        new("idle/event-stream-after-event", Get + "\r\n", Stream + "d\r\ndata: hello\n\n\r\n", 45_000),
        new("idle/websocket", Get + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", Switch + "hello", 40_000),
    ];

    /// <summary>Checks all kinds. The result is the exit code of the process.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var failed = 0;
        foreach (var kind in Kinds)
        {
            var measured = long.MaxValue;
            for (var i = 0; i < Tries && measured > kind.Budget; i++) measured = await MeasureAsync(kind);
            var verdict = measured > kind.Budget ? $"FAILS: {measured - kind.Budget} bytes over budget" : "ok";
            if (measured > kind.Budget) failed++;
            await output.WriteLineAsync($"{kind.Name,-32}  {measured,10}  {kind.Budget,10}  {verdict}");
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<long> MeasureAsync(IdleKind kind)
    {
        using var origin = new OneThreadOrigin(kind.Response);
        var config = new ForwardingConfig(origin.Base) { Backend = "timeout_secs = 0" };
        await using var gateway = await config.StartAsync(quiet: true);
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < Count / 10; i++) clients.Add(await OpenAsync(kind, gateway.Address)); // what is made once
            var before = Heap();
            for (var i = 0; i < Count; i++) clients.Add(await OpenAsync(kind, gateway.Address));
            // The client may have its bytes before the gateway has come to rest.
            var measured = long.MaxValue;
            for (var i = 0; i < Looks && measured > kind.Budget; i++)
            {
                if (i > 0) await Task.Delay(TimeSpan.FromMilliseconds(50));
                measured = (Heap() - before) / Count;
            }

            return measured;
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static long Heap()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>Sends the request, and reads until the last bytes of the response have come.</summary>
    private static Task<Socket> OpenAsync(IdleKind kind, IPEndPoint gateway) => Task.Run(() =>
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(gateway);
        client.Send(Encoding.ASCII.GetBytes(kind.Request));
        var end = kind.Response.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? "\r\n\r\n" : "hello";
        var buffer = new byte[4096];
        var filled = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, filled).Contains(end, StringComparison.Ordinal))
        {
            var read = client.Receive(buffer.AsSpan(filled));
            if (read == 0) throw new IOException($"{kind.Name}: the gateway closed the connection behind {filled} bytes");
            filled += read;
        }

        return client;
    });
}

/// <summary>
/// Answers the first request of each connection, and says nothing more. One thread for all: clients come one after the other, and a buffer for each connection,
/// as the origin of bench/idle.sh has, would be counted as the gateway's.
/// </summary>
internal sealed class OneThreadOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _open = [];
    private readonly byte[] _response;
    private readonly Thread _thread;

    public OneThreadOrigin(string response)
    {
        _response = Encoding.ASCII.GetBytes(response);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public Uri Base => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        _open.ForEach(connection => connection.Dispose());
    }

    private void Serve()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                _open.Add(connection);
                connection.NoDelay = true;
                for (var filled = 0; !buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8);)
                {
                    var read = connection.Receive(buffer.AsSpan(filled));
                    if (read == 0) break;
                    filled += read;
                }

                connection.Send(_response);
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }
}
