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

    /// <summary>
    /// Is told when no connection can be taken though some wait, for instance because the process has no file descriptor left. It is tried again every 100 ms, and told once until
    /// a connection was taken again. Null: nobody is told. It must not throw.
    /// </summary>
    public Action<Exception>? AcceptFailed { get; init; }

    /// <summary>How many connections may be open at once, with or without an association; further ones are closed. Default 1000.</summary>
    public int MaxConnections { get; init; } = 1000;
}
