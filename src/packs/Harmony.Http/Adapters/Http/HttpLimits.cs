using Harmony.Core.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// Limits of a listener for its clients. The values are those of <see cref="NetworkLimitsSection"/>, without places in files, which would make equal listeners
/// differ.
/// </summary>
public sealed record HttpLimits
{
    /// <summary>Open connections.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Bytes of the fields of a head.</summary>
    public int MaxHeaderBytes { get; init; }

    /// <summary>Fields of a head.</summary>
    public int MaxHeaderCount { get; init; }

    /// <summary>Bytes of the first line of a request.</summary>
    public int MaxRequestLine { get; init; }

    /// <summary>Time for a handshake of TLS.</summary>
    public TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Time for a head.</summary>
    public TimeSpan HeaderTimeout { get; init; }

    /// <summary>Time between requests on a connection.</summary>
    public TimeSpan KeepAliveTimeout { get; init; }

    /// <summary>Bytes per second of request and response bodies; 0 for no limit.</summary>
    public int MinDataRate { get; init; }

    /// <summary>Time during which a client may send more slowly.</summary>
    public TimeSpan MinDataRateGrace { get; init; }

    /// <summary>Time without progress after which a client that reads a response is cut off.</summary>
    public TimeSpan StalledReader { get; init; }

    /// <summary>Time for a whole request; zero for no limit.</summary>
    public TimeSpan RequestTimeout { get; init; }

    /// <summary>Requests at the same time on a connection of HTTP/2.</summary>
    public int MaxHttp2Streams { get; init; }

    /// <summary>The limits of a network.</summary>
    public static HttpLimits Of(NetworkLimitsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new HttpLimits
        {
            MaxConnections = section.MaxConnections,
            MaxHeaderBytes = section.MaxHeaderBytes,
            MaxHeaderCount = section.MaxHeaderCount,
            MaxRequestLine = section.MaxRequestLine,
            HandshakeTimeout = TimeSpan.FromSeconds(section.HandshakeTimeoutSecs),
            HeaderTimeout = TimeSpan.FromSeconds(section.HeaderTimeoutSecs),
            KeepAliveTimeout = TimeSpan.FromSeconds(section.KeepAliveTimeoutSecs),
            MinDataRate = section.MinDataRate,
            MinDataRateGrace = TimeSpan.FromSeconds(section.MinDataRateGraceSecs),
            StalledReader = TimeSpan.FromSeconds(section.StalledReaderSecs),
            RequestTimeout = TimeSpan.FromSeconds(section.RequestTimeoutSecs),
            MaxHttp2Streams = section.MaxHttp2Streams,
        };
    }

    internal void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxConcurrentUpgradedConnections = MaxConnections;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaderCount;
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.RequestHeadersTimeout = HeaderTimeout;
        limits.KeepAliveTimeout = KeepAliveTimeout;
        limits.MinRequestBodyDataRate = MinDataRate == 0 ? null : new MinDataRate(MinDataRate, MinDataRateGrace);
        // Kestrel allows each write the time that its bytes take at this rate, and at least the grace.
        limits.MinResponseDataRate = MinDataRate == 0 ? null : new MinDataRate(MinDataRate, StalledReader);
        limits.Http2.MaxStreamsPerConnection = MaxHttp2Streams;
        limits.Http2.MaxRequestHeaderFieldSize = limits.Http3.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        // A streamed body is bounded only where an endpoint says so; what is buffered is bounded by content_limits.
        limits.MaxRequestBodySize = null;
    }
}
