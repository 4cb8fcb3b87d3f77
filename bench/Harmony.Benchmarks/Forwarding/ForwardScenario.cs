using System.Net.Sockets;
using Harmony.Testing;

namespace Harmony.Benchmarks.Forwarding;

/// <summary>A GET through the whole gateway: socket, adapter, pipeline, forwarder, socket, and back with a kilobyte.</summary>
internal abstract class ForwardScenario(string name, string pipelineMiddleware) : IScenario
{
    private static readonly byte[] Request =
        "GET /api/items/42?view=full HTTP/1.1\r\nHost: gateway.example:8080\r\nUser-Agent: bench/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private KeepAliveOrigin? _origin;
    private TestGateway? _gateway;

    public string Name => name;

    public bool WorksOnOtherThreads => true;

    public async ValueTask SetupAsync()
    {
        _origin = new KeepAliveOrigin();
        _gateway = await new ForwardingConfig(new Uri($"http://127.0.0.1:{_origin.Port}")) { Middleware = pipelineMiddleware, Retries = true }.StartAsync(quiet: true);
        // A socket that was ever used asynchronously allocates for each blocking call; this one is not.
        await Task.Run(() => _client.Connect(_gateway.Address));
    }

    public ValueTask OperationAsync()
    {
        _client.Send(Request);
        var filled = 0;
        var total = int.MaxValue;
        while (filled < total)
        {
            filled += _client.Receive(_buffer.AsSpan(filled));
            var head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head >= 0) total = head + 4 + 1024;
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_gateway is not null) await _gateway.DisposeAsync();
        _origin?.Dispose();
    }
}

/// <summary>Without middleware.</summary>
internal sealed class PlainForwardScenario() : ForwardScenario("forward/get", "");

/// <summary>With three middleware that do nothing.</summary>
internal sealed class ThreeMiddlewareForwardScenario() : ForwardScenario("forward/get-three-middleware", "\"passthru\", \"passthru\", \"passthru\"");
