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
