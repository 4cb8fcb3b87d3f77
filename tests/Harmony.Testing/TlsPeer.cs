using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Harmony.Testing;

/// <summary>A client of TLS that trusts everybody and tells what it was shown.</summary>
public sealed class TlsPeer : IDisposable
{
    private readonly TcpClient _client;
    private readonly SslStream _stream;

    private TlsPeer(TcpClient client, SslStream stream) => (_client, _stream) = (client, stream);

    /// <summary>Common name of the certificate that was shown.</summary>
    public string Shown => _stream.RemoteCertificate is X509Certificate2 c ? c.GetNameInfo(X509NameType.SimpleName, false) : "";

    /// <summary>Version of TLS, and protocol of the application (ALPN).</summary>
    public (SslProtocols Version, string Protocol) Agreed => (_stream.SslProtocol, _stream.NegotiatedApplicationProtocol.ToString());

    /// <summary>Subjects of all certificates that were sent.</summary>
    public IReadOnlyList<string> Sent { get; private set; } = [];

    /// <summary>Connects and shakes hands.</summary>
    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    public static async Task<TlsPeer> ConnectAsync(
        IPEndPoint address, string host, X509Certificate2? shows = null, SslProtocols versions = SslProtocols.None, params SslApplicationProtocol[] offers)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address);
        var stream = new SslStream(client.GetStream());
        var peer = new TlsPeer(client, stream);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = versions,
            ApplicationProtocols = offers.Length == 0 ? null : [.. offers],
            ClientCertificateContext = shows is null ? null : SslStreamCertificateContext.Create(shows, null, offline: true),
#pragma warning disable CA5359 // what is shown is looked at, not trusted
            RemoteCertificateValidationCallback = (_, _, chain, _) =>
            {
                peer.Sent = [.. chain?.ChainPolicy.ExtraStore.Select(c => c.Subject) ?? []];
                return true;
            },
#pragma warning restore CA5359
        }, Guard.Token);
        return peer;
    }

    /// <summary>Sends a GET and reads all of the answer; a server of TLS 1.3 says only now that it refuses the client's certificate.</summary>
    public async Task<string> GetAsync(string fields = "", string path = "/")
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{fields}\r\n"), Guard.Token);
        using var reader = new StreamReader(_stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Guard.Token);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
