using System.Net.Security;
using System.Security.Cryptography;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>What a pool of connections is made for. A pool with equal settings is the same pool.</summary>
/// <param name="BaseUrl">Where it leads, with the base path: two targets behind one host are counted apart.</param>
/// <param name="ConnectTimeoutSecs">Seconds to make a connection.</param>
/// <param name="Tls">Fingerprint of what is trusted and shown, not of the paths: a certificate that was replaced needs new connections.</param>
/// <param name="HttpVersion">The version of HTTP to send in: <c>auto</c>, <c>1.1</c>, <c>2</c> or <c>3</c>.</param>
internal sealed record TargetPoolSettings(string BaseUrl, int ConnectTimeoutSecs, string Tls, string HttpVersion)
{
    /// <summary>Whether the platform's client sends HTTP/1.1, too.</summary>
    public bool UsesPlatformClient { get; init; }

    /// <summary>Most connections of HTTP/1.1 that are open at once; 0 for any number.</summary>
    public int MaxConnections { get; init; }

    /// <summary>The fingerprints of all certificates, or empty where there are none.</summary>
    public static string FingerprintOf(SslClientAuthenticationOptions tls)
    {
        var trusted = tls.CertificateChainPolicy?.CustomTrustStore.Select(c => c.GetCertHashString(HashAlgorithmName.SHA256)) ?? [];
        var shown = tls.ClientCertificateContext is not { } context
            ? []
            : context.IntermediateCertificates.Prepend(context.TargetCertificate).Select(c => c.GetCertHashString(HashAlgorithmName.SHA256));
        return string.Join(' ', trusted.Append("/").Concat(shown));
    }
}
