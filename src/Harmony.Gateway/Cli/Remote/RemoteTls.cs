using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Building;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>The options for TLS with the management API: authorities to trust, certificate to show.</summary>
internal sealed class RemoteTls
{
    private readonly Option<string?> _authority = new("--ca")
    {
        Description = "PEM file with the CA certificates that verify the gateway's certificate, instead of the system's.", HelpName = "FILE"
    };
    private readonly Option<string?> _certificate = new("--cert")
    {
        Description = "PEM file with the client certificate and its chain, if the gateway requires a certificate.", HelpName = "FILE"
    };
    private readonly Option<string?> _key = new("--key")
    {
        Description = "PEM file with the key of the client certificate; the file of the certificate when absent.", HelpName = "FILE"
    };

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _authority, _certificate, _key }) command.Options.Add(option);
    }

    /// <summary>Reads the files.</summary>
    /// <returns>Null where no option is given: then the authorities of the system count, and nothing is shown.</returns>
    /// <exception cref="RemoteException">A file cannot be used.</exception>
    public SslClientAuthenticationOptions? Read(ParseResult result)
    {
        var (authority, certificate, key) = (result.GetValue(_authority), result.GetValue(_certificate), result.GetValue(_key));
        if (key is not null && certificate is null) throw new RemoteException("--key needs --cert");
        if (authority is null && certificate is null) return null;
        try
        {
            var tls = new SslClientAuthenticationOptions();
            if (authority is not null)
            {
                tls.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck
                };
                tls.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates.ParseAll(Pem(authority)));
            }

            if (certificate is not null)
            {
                var chain = Pem(certificate);
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                    Certificates.Parse(chain, key is null ? chain : Pem(key)), Certificates.ParseAll(chain), offline: true);
            }

            return tls;
        }
        catch (CertificateException e)
        {
            throw new RemoteException(e.Message);
        }
    }

    private static PemFile Pem(string file)
    {
        try
        {
            return new PemFile(file, File.ReadAllText(file));
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new RemoteException($"cannot read '{file}': {Readable.Reason(e)}");
        }
    }
}
