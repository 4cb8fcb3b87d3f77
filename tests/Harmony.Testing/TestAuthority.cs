using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Testing;

/// <summary>A certificate authority of a test's own.</summary>
public sealed class TestAuthority
{
    private readonly X509Certificate2 _own;

    private TestAuthority(X509Certificate2 own) => _own = own;

    /// <summary>Its certificate as PEM.</summary>
    public string Pem => _own.ExportCertificatePem();

    /// <summary>Makes one that vouches for itself.</summary>
    public static TestAuthority Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new TestAuthority(RequestFor(name, key, isAuthority: true).CreateSelfSigned(now.AddDays(-2), now.AddDays(2)));
    }

    /// <summary>Makes one that this one vouches for.</summary>
    public TestAuthority Intermediate(string name) => new(Issue(name, isAuthority: true));

    /// <summary>A certificate that nobody else vouches for.</summary>
    public static X509Certificate2 SelfSigned(string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var end = until ?? TimeProvider.System.GetUtcNow().AddDays(2);
        return RequestFor(name, key, isAuthority: false).CreateSelfSigned(end.AddDays(-4), end);
    }

    /// <summary>A certificate with its key that is meant for one purpose only (extended key usage), and may be over.</summary>
    public X509Certificate2 IssueFor(string purpose, string name, bool isExpired = false)
        => Issue(name, isAuthority: false, r => r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false)), isExpired);

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Issue(string name, params string[] hosts) => Issue(name, isAuthority: false, hosts);

    /// <summary>A certificate of somebody's key (RSA or elliptic curve), signed with a hash of choice, that may say what its key is for.</summary>
    public X509Certificate2 IssueFor(AsymmetricAlgorithm key, string name, HashAlgorithmName hash, X509KeyUsageFlags? usage = null)
    {
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, hash, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, hash);
        if (usage is { } flags) request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        using var own = _own.GetECDsaPrivateKey()!;
        using var issued = request.Create(
            _own.SubjectName, hash == HashAlgorithmName.SHA1 ? new Sha1Generator(own) : X509SignatureGenerator.CreateForECDsa(own),
            new DateTimeOffset(_own.NotBefore), new DateTimeOffset(_own.NotAfter), RandomNumberGenerator.GetBytes(8));
        return key is RSA withRsa ? issued.CopyWithPrivateKey(withRsa) : issued.CopyWithPrivateKey((ECDsa)key);
    }

    /// <summary>Trusts what this authority vouches for, and nothing else.</summary>
    public bool Vouches(X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null) return false;
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(_own);
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(certificate);
    }

    /// <summary>The private key of a certificate as PEM.</summary>
    public static string KeyOf(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private X509Certificate2 Issue(string name, bool isAuthority, params string[] hosts) => Issue(name, isAuthority, request =>
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }

        if (hosts.Length > 0) request.CertificateExtensions.Add(names.Build());
    });

    private X509Certificate2 Issue(string name, bool isAuthority, Action<CertificateRequest> extend, bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestFor(name, key, isAuthority);
        extend(request);
        var until = isExpired ? TimeProvider.System.GetUtcNow().AddHours(-1) : new DateTimeOffset(_own.NotAfter);
        using var issued = request.Create(_own, new DateTimeOffset(_own.NotBefore), until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private static CertificateRequest RequestFor(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }

    /// <summary>Signs with ECDSA and SHA-1, which .NET does no more by itself.</summary>
    private sealed class Sha1Generator(ECDsa key) : X509SignatureGenerator
    {
        /// <summary>ecdsa-with-SHA1, 1.2.840.10045.4.1.</summary>
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
            => [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
            => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
