using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Harmony.Jose;

/// <summary>A key that signs tokens with one algorithm. Safe for use by several threads.</summary>
/// <param name="algorithm">The algorithm: HS256, RS256, ES256 or EdDSA.</param>
/// <param name="publicKey">The public key; null for a shared secret.</param>
internal abstract class SigningKey(JwsAlgorithm algorithm, JsonWebKey? publicKey)
{
    /// <summary>The algorithm.</summary>
    public JwsAlgorithm Algorithm { get; } = algorithm;

    /// <summary>The public key; null for a shared secret.</summary>
    public JsonWebKey? PublicKey { get; } = publicKey;

    /// <summary>The <c>kid</c> of signed tokens; null for a shared secret.</summary>
    public string? Kid => PublicKey?.Kid;

    /// <summary>Signs bytes.</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> bytes);

    /// <summary>A key of a shared secret, for HS256; null if the secret has fewer than 32 bytes (RFC 7518 §3.2).</summary>
    public static SigningKey? OfSecret(byte[] secret)
        => JwsAlgorithm.Find("HS256") is { } algorithm && secret.Length >= algorithm.MinSecretBytes ? new HmacSigningKey(secret, algorithm) : null;

    /// <summary>Reads the private key of a PEM file: <c>PRIVATE KEY</c>, <c>RSA PRIVATE KEY</c> or <c>EC PRIVATE KEY</c>.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <param name="reason">Why the file holds no such key, as the end of a sentence that begins with the file.</param>
    public static SigningKey? OfPem(string pem, out string reason)
    {
        reason = "holds an encrypted private key; the gateway needs it without a passphrase, as 'openssl pkey' writes it";
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal)) return null;
        reason = "holds no private key in PEM form that signs tokens; it must be an RSA key of at least 2048 bits, a P-256 key or an Ed25519 key";
        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return null;
        if (PemKey.Import(RSA.Create(), pem) is { } rsa)
        {
            if (rsa.KeySize is >= RsaKey.MinBits and <= RsaKey.MaxBits && !WeakPrimes.AreIn(rsa)) return new RsaSigningKey(rsa);
            rsa.Dispose();
            return null;
        }

        if (PemKey.Import(ECDsa.Create(), pem) is { } ec)
        {
            if (ec.KeySize == 256) return new EcSigningKey(ec);
            ec.Dispose();
            return null;
        }

        var parameters = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.None };
        return Key.TryImport(SignatureAlgorithm.Ed25519, Encoding.UTF8.GetBytes(pem), KeyBlobFormat.PkixPrivateKeyText, out var ed25519, parameters)
            && ed25519 is not null
            ? new Ed25519SigningKey(ed25519)
            : null;
    }

    /// <summary>The algorithms that sign, by name.</summary>
    protected static JwsAlgorithm Named(string name) => JwsAlgorithm.Find(name)!;

    private sealed class HmacSigningKey(byte[] secret, JwsAlgorithm algorithm) : SigningKey(algorithm, null)
    {
        public override byte[] Sign(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(secret, bytes);
    }

    private sealed class RsaSigningKey : SigningKey
    {
        private readonly KeyPool<RSA> _pool;

        public RsaSigningKey(RSA rsa)
            : base(Named("RS256"), JsonWebKey.Of(rsa))
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: true);
            _pool = new KeyPool<RSA>(rsa, () => RSA.Create(parameters));
        }

        public override byte[] Sign(ReadOnlySpan<byte> bytes)
        {
            var rsa = _pool.Rent();
            var signature = rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            _pool.Return(rsa);
            return signature;
        }
    }

    private sealed class EcSigningKey : SigningKey
    {
        private readonly KeyPool<ECDsa> _pool;

        public EcSigningKey(ECDsa ec)
            : base(Named("ES256"), JsonWebKey.Of(ec))
        {
            var parameters = ec.ExportParameters(includePrivateParameters: true);
            _pool = new KeyPool<ECDsa>(ec, () => ECDsa.Create(parameters));
        }

        public override byte[] Sign(ReadOnlySpan<byte> bytes)
        {
            var ec = _pool.Rent();
            var signature = ec.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            _pool.Return(ec);
            return signature;
        }
    }

    private sealed class Ed25519SigningKey(Key key) : SigningKey(Named("EdDSA"), JsonWebKey.Of(key.PublicKey))
    {
        public override byte[] Sign(ReadOnlySpan<byte> bytes) => SignatureAlgorithm.Ed25519.Sign(key, bytes);
    }
}

/// <summary>Writes JWS in compact serialization (RFC 7515 §7.1).</summary>
internal static class JwtWriter
{
    /// <summary>Signs claims.</summary>
    /// <param name="claims">The JSON of the claims, in UTF-8.</param>
    /// <param name="key">The key.</param>
    public static string Write(ReadOnlySpan<byte> claims, SigningKey key)
    {
        var kid = key.Kid is null ? "" : $",\"kid\":\"{key.Kid}\"";
        var header = Encoding.ASCII.GetBytes($"{{\"alg\":\"{key.Algorithm.Name}\",\"typ\":\"JWT\"{kid}}}");
        var signed = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(claims);
        return signed + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)));
    }
}
