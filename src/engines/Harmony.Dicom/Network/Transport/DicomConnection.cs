using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Dicom.Network.Transport;

/// <summary>
/// A connection that an association can run over: of this library (<c>TcpConnection</c>), or of a host such as Kestrel.
/// The association reads and writes <see cref="Transport"/> and completes both its ends; closing the connection remains with its owner.
/// </summary>
public sealed record DicomConnection
{
    /// <summary>The bytes, after TLS.</summary>
    public required IDuplexPipe Transport { get; init; }

    /// <summary>Breaks the connection at once, for peers that neither read nor close; null if completing the pipe does it.</summary>
    public Action? Abort { get; init; }

    /// <summary>
    /// The socket below, if there is one: received bytes are acknowledged at once on it (see <see cref="TcpQuickAck"/>), without which peers that
    /// leave Nagle's algorithm on, as DCMTK does, wait 40 ms in every message. It is not read or written.
    /// </summary>
    public Socket? Socket { get; init; }

    /// <summary>Address of the peer.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Address of this side.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The certificate that the peer has shown.</summary>
    public X509Certificate2? PeerCertificate { get; init; }
}

/// <summary>No connection came about.</summary>
/// <param name="message">The peer's address, and what went wrong.</param>
/// <param name="cause">What was thrown first.</param>
public sealed class ConnectionFailedException(string message, Exception? cause = null) : DicomNetworkException(message, cause)
{
    /// <inheritdoc/>
    public override bool IsTransient => InnerException is not System.Security.Authentication.AuthenticationException;
}
