using System.Collections.Concurrent;
using System.Globalization;
using Harmony.Core.Modules;
using Harmony.Http.Tls;

namespace Harmony.Http.Adapters.Http;

/// <summary>What an HTTP listener is bound to.</summary>
public sealed record HttpBinding(string Network, string Address, int Port) : ListenerBinding("http", Network, Address, Port)
{
    /// <summary>How it speaks TLS; null for no TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Whether it is a UDP port on which HTTP/3 is spoken, and nothing else.</summary>
    public bool IsHttp3 { get; init; }

    /// <summary>Whether every request is redirected to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>Whether HTTP/2 is spoken without TLS.</summary>
    public bool H2c { get; init; }

    /// <summary>What clients may take of it.</summary>
    public required HttpLimits Limits { get; init; }

    /// <inheritdoc/>
    public override bool IsUdp => IsHttp3;

    /// <inheritdoc/>
    public override string Url => $"{(Tls is null ? "http" : "https")}://{(Address.Contains(':') ? $"[{Address}]" : Address)}:{Port}";
}

/// <summary>
/// The UDP ports on which networks really speak HTTP/3, so that answers of their TLS listeners can say so: <c>Alt-Svc: h3=":8443"</c>
/// (RFC 9114 §3.1, RFC 7838 §3). Nothing is said of a port that is closing.
/// </summary>
internal sealed class AlternativeServices
{
    private readonly ConcurrentDictionary<string, AlternativeService> _networks = new(StringComparer.Ordinal);

    /// <summary>What a network has to say; the same instance each time.</summary>
    public AlternativeService Of(string network) => _networks.GetOrAdd(network, static _ => new AlternativeService());

    /// <summary>A listener takes connections of HTTP/3.</summary>
    public void Opened(string network, int port) => Of(network).Open(port);

    /// <summary>A listener takes no more of them. Another, which has opened before, stays announced.</summary>
    public void Closing(string network, int port) => Of(network).Close(port);

    /// <summary>What one network has to say.</summary>
    internal sealed class AlternativeService
    {
        private readonly Lock _lock = new();
        private int _port;
        private volatile string? _field;

        /// <summary>The value of the field; null where there is no such listener.</summary>
        public string? Field => _field;

        public void Open(int port)
        {
            // fresh for a day when it does not say (RFC 7838 §3.1)
            lock (_lock) (_port, _field) = (port, string.Create(CultureInfo.InvariantCulture, $"h3=\":{port}\""));
        }

        public void Close(int port)
        {
            lock (_lock)
            {
                if (_port == port) _field = null;
            }
        }
    }
}
