using System.Net.Sockets;
using Harmony.Testing;

namespace Harmony.Benchmarks.Forwarding;

/// <summary>A GET through the whole gateway: socket, adapter, pipeline, forwarder, socket, and back with a body.</summary>
/// <param name="name">Name of the scenario.</param>
/// <param name="pipelineMiddleware">The middleware of the pipeline.</param>
/// <param name="bodyLength">Bytes of the response's body.</param>
/// <param name="tls">Whether the origin speaks TLS.</param>
internal abstract class ForwardScenario(string name, string pipelineMiddleware = "", int bodyLength = 1024, bool tls = false) : IScenario
{
    private static readonly byte[] Request =
        "GET /api/items/42?view=full HTTP/1.1\r\nHost: gateway.example:8080\r\nUser-Agent: bench/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private KeepAliveOrigin? _origin;
    private TestGateway? _gateway;

    public string Name => name;

    public bool WorksOnOtherThreads => true;

    public async ValueTask SetupAsync()
    {
        var authority = TestAuthority.Create("bench");
        _origin = new KeepAliveOrigin(bodyLength, tls ? authority.Issue("origin", "127.0.0.1") : null);
        var config = new ForwardingConfig(_origin.Base) { Middleware = pipelineMiddleware, Retries = true, Backend = tls ? "ca_cert_path = \"ca.pem\"" : "" };
        _gateway = await TestGateway.StartAsync(config.ToToml(), new Dictionary<string, string> { ["ca.pem"] = authority.Pem }, quiet: true);
        // A socket that was ever used asynchronously allocates for each blocking call; this one is not.
        await Task.Run(() => _client.Connect(_gateway.Address));
    }

    public ValueTask OperationAsync()
    {
        _client.Send(Request);
        var filled = 0;
        var left = int.MaxValue;
        while (left > 0)
        {
            var read = _client.Receive(_buffer.AsSpan(filled));
            if (left != int.MaxValue)
            {
                left -= read; // the body; it is read over the head
                continue;
            }

            filled += read;
            var head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head < 0) continue;
            left = head + 4 + bodyLength - filled;
            filled = 0;
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
internal sealed class PlainForwardScenario() : ForwardScenario("forward/get");

/// <summary>With three middleware that do nothing.</summary>
internal sealed class ThreeMiddlewareForwardScenario() : ForwardScenario("forward/get-three-middleware", "\"passthru\", \"passthru\", \"passthru\"");

/// <summary>A body that streams: what it costs must not grow with its length.</summary>
internal sealed class StreamedForwardScenario() : ForwardScenario("forward/get-256k", bodyLength: 256 * 1024);

/// <summary>To an origin that speaks TLS.</summary>
internal sealed class TlsForwardScenario() : ForwardScenario("forward/get-tls", tls: true);
