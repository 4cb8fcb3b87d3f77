using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Harmony.Testing;

/// <summary>Raw connections over TLS.</summary>
public static class RawTls
{
    /// <summary>Connects to a server that has the certificate of the tests.</summary>
    public static async Task<RawConnection> OpenAsync(IPEndPoint address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TestCertificate.TrustPolicy }, Guard.Token);
        return new RawConnection(client, stream: stream, stop: Guard.Token);
    }
}
