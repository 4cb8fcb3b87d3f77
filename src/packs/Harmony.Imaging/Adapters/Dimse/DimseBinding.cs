using Harmony.Core.Modules;
using Harmony.Http.Tls;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>What a listener for DICOM associations is bound to.</summary>
public sealed record DimseBinding(string Network, string Address, int Port) : ListenerBinding("dimse", Network, Address, Port)
{
    /// <summary>The port by which endpoints belong to this listener: the configured one, whichever was really taken.</summary>
    public required int ConfiguredPort { get; init; }

    /// <summary>How it speaks TLS; null for no TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Time for a handshake of TLS.</summary>
    public TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Time for the request of an association to begin.</summary>
    public TimeSpan Artim { get; init; }

    /// <summary>Most connections, with or without an association.</summary>
    public int MaxConnections { get; init; }

    /// <inheritdoc/>
    public override string Owner => $"a dicom_scp endpoint of network '{Network}'";

    /// <inheritdoc/>
    public override string Url => $"{(Tls is null ? "dicom" : "dicom+tls")}://{(Address.Contains(':') ? $"[{Address}]" : Address)}:{Port}";
}
