using System.Net;
using System.Net.Security;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Where a server listens.</summary>
public sealed record DicomServerOptions
{
    /// <summary>Address and port; port 0 takes a free one. Default: the loopback interface, port 11112.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 11112);

    /// <summary>TLS with these options; null: none. Client certificates are asked for and judged as they say.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>How long a TLS handshake may take. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections may be open at once, with or without an association; further ones are closed. Default 1000.</summary>
    public int MaxConnections { get; init; } = 1000;
}
