namespace Harmony.Core.Configuration;

/// <summary><c>[network.NAME.limits]</c>: what clients may take of the HTTP listeners of a network.</summary>
public sealed record NetworkLimitsSection : ConfigNode
{
    /// <summary>Open connections, and as many again that were upgraded to WebSocket. A further one is closed at once.</summary>
    [AllowedRange(1)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes of all fields in the head of a request; above that 431.</summary>
    [AllowedRange(1024, 1_048_576)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Fields in the head of a request; above that 431.</summary>
    [AllowedRange(1, 10_000)]
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>Bytes of the first line of a request in HTTP/1.1; above that 414.</summary>
    [AllowedRange(64, 1_048_576)]
    public int MaxRequestLine { get; init; } = 8 * 1024;

    /// <summary>Seconds for the handshake of TLS.</summary>
    [AllowedRange(1, 3600)]
    public int HandshakeTimeoutSecs { get; init; } = 10;

    /// <summary>Seconds for the whole head of a request, from its first byte; then 408.</summary>
    [AllowedRange(1, 3600)]
    public int HeaderTimeoutSecs { get; init; } = 30;

    /// <summary>Seconds that a connection may be idle between requests.</summary>
    [AllowedRange(1, 86_400)]
    public int KeepAliveTimeoutSecs { get; init; } = 130;

    /// <summary>Bytes per second that a client must send of a body, and take of a response, on average; 0 for no such limit.</summary>
    [AllowedRange(0, 1_000_000_000)]
    public int MinDataRate { get; init; } = 240;

    /// <summary>Seconds during which a client may send its body slower than that.</summary>
    [AllowedRange(2, 3600)]
    public int MinDataRateGraceSecs { get; init; } = 5;

    /// <summary>
    /// Seconds during which a client may take nothing of a response: a paused video, a full disk, a busy viewer. A client that takes nothing for longer is cut
    /// off, so that it does not hold a connection to the origin for ever.
    /// </summary>
    [AllowedRange(2, 86_400)]
    public int StalledReaderSecs { get; init; } = 300;

    /// <summary>Seconds for a whole request, from its head to the last byte of its answer; 0 for no limit. Upgraded connections are not concerned.</summary>
    [AllowedRange(0, 86_400)]
    public int RequestTimeoutSecs { get; init; }

    /// <summary>Requests at the same time on one connection of HTTP/2.</summary>
    [AllowedRange(1, 10_000)]
    public int MaxHttp2Streams { get; init; } = 100;
}
