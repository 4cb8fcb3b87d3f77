using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Envelope;

namespace Harmony.Http.Tls;

/// <summary>Whom the certificate of a client names. Made once for each connection; requests on it share the instance.</summary>
public static class ClientIdentity
{
    /// <summary>Value of <see cref="Identity.Method"/>.</summary>
    public const string Method = "mutual_tls";

    private static readonly ConditionalWeakTable<X509Certificate2, Identity> Known = [];

    /// <summary>The identity of a certificate that was verified in the handshake.</summary>
    public static Identity Of(X509Certificate2 certificate) => Known.GetValue(certificate, static c => new Identity(Method, c.Subject)
    {
        Claims = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["tls.client_subject"] = c.Subject,
            ["tls.client_issuer"] = c.Issuer,
            ["tls.client_serial"] = c.SerialNumber,
            ["tls.client_fingerprint"] = c.GetCertHashString(HashAlgorithmName.SHA256),
        },
    });
}
