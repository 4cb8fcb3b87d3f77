using Harmony.Core.Modules;

namespace Harmony.Modules.Adapters.Http;

/// <summary>What an HTTP listener is bound to.</summary>
public sealed record HttpBinding(string Network, string Address, int Port) : ListenerBinding("http", Network, Address, Port)
{
    /// <summary>PEM file of the certificate, absolute; null for no TLS.</summary>
    public string? CertPath { get; init; }

    /// <summary>PEM file of its key, absolute.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Whether every request is redirected to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>Whether HTTP/2 is spoken without TLS.</summary>
    public bool H2c { get; init; }

    /// <inheritdoc/>
    public override string Url => $"{(CertPath is null ? "http" : "https")}://{(Address.Contains(':') ? $"[{Address}]" : Address)}:{Port}";
}
