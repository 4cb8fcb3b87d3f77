using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary>The argument <c>AET@host:port</c> and the options of every command that asks another system.</summary>
internal sealed class PeerOptions
{
    private readonly Argument<AeAddress> _peer = new("PEER")
    {
        Description = "Address of the DICOM system: AET@host:port; port 104 when absent.", CustomParser = AeAddress.Parse
    };
    private readonly Option<string> _calling = new("--calling")
    {
        Description = "Calling AE title.", HelpName = "AET", CustomParser = AeAddress.ParseTitle, DefaultValueFactory = _ => "HARMONY",
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "Connect with TLS. The other --tls options turn TLS on, too." };
    private readonly Option<string?> _authority = new("--tls-ca")
    {
        Description = "PEM file with the CA certificates that verify the other side's certificate.", HelpName = "FILE"
    };
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "PEM file with the client certificate.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file with the key of the client certificate.", HelpName = "FILE" };
    private readonly Option<string?> _serverName = new("--tls-name")
    {
        Description = "Host name in the other side's certificate, if it differs from the host.", HelpName = "HOST"
    };
    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "Time-out of a response, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 30
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, _peer);
        foreach (var option in new Option[] { _calling, _tls, _authority, _certificate, _key, _serverName, _timeout, _json }) command.Options.Add(option);
    }

    public bool Json(ParseResult result) => result.GetValue(_json);

    public AeAddress AddressOf(ParseResult result) => result.GetValue(_peer)!;

    public string CallingAeTitle(ParseResult result) => result.GetValue(_calling)!;

    /// <summary>Does what a command does; what goes wrong on the way is one line on standard error.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="run">What it does, with the client and the peer.</param>
    /// <returns>1 when it failed.</returns>
    public async Task<int> RunAsync(ParseResult result, Func<DicomClient, DicomPeer, Task<int>> run)
    {
        try
        {
            return await run(ClientOf(result), PeerOf(result));
        }
        catch (Exception e) when (e is DicomNetworkException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(Readable.IsReadFailure(e) ? Readable.Reason(e) : $"{AddressOf(result)}: {e.Message}");
            return 1;
        }
    }

    private DicomClient ClientOf(ParseResult result)
    {
        var timeout = TimeSpan.FromSeconds(Math.Clamp(result.GetValue(_timeout), 1, 86400));
        return new DicomClient(new ClientOptions { ConnectTimeout = timeout, Artim = timeout, OperationTimeout = timeout });
    }

    private DicomPeer PeerOf(ParseResult result)
    {
        var address = AddressOf(result);
        return new DicomPeer(address.Host, address.Port, address.AeTitle, CallingAeTitle(result)) { Tls = TlsOf(result, address.Host) };
    }

    private SslClientAuthenticationOptions? TlsOf(ParseResult result, string host)
    {
        var (authority, certificate, serverName) = (result.GetValue(_authority), result.GetValue(_certificate), result.GetValue(_serverName));
        if (!result.GetValue(_tls) && authority is null && certificate is null && serverName is null) return null;
        var tls = new SslClientAuthenticationOptions { TargetHost = serverName ?? host };
        if (authority is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        }

        if (certificate is not null)
        {
            var shown = Certificates.Load(certificate, result.GetValue(_key) ?? certificate);
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(shown, null, offline: true);
        }

        return tls;
    }
}
