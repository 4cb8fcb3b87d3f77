using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSec.Cryptography;
using PublicKey = NSec.Cryptography.PublicKey;

namespace Harmony.Jose;

/// <summary>A public key as a JWK (RFC 7517 §4). Its <c>kid</c> is its thumbprint, so that one key has one name everywhere.</summary>
internal sealed class JsonWebKey
{
    private readonly IReadOnlyList<(string Name, string Value)> _members;
    private readonly string _algorithm;

    /// <param name="algorithm">The algorithm of the key, its <c>alg</c>.</param>
    /// <param name="members">The members that RFC 7638 §3.2 requires, in the order of their names.</param>
    private JsonWebKey(string algorithm, params (string Name, string Value)[] members)
    {
        (_algorithm, _members) = (algorithm, members);
        var canonical = "{" + string.Join(',', members.Select(m => $"\"{m.Name}\":\"{m.Value}\"")) + "}";
        Kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>The thumbprint (RFC 7638), which is the <c>kid</c> of tokens signed with the private key.</summary>
    public string Kid { get; }

    /// <summary>The JWK of an RSA key, for RS256.</summary>
    public static JsonWebKey Of(RSA rsa)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonWebKey("RS256", ("e", Text(parameters.Exponent)), ("kty", "RSA"), ("n", Text(parameters.Modulus)));
    }

    /// <summary>The JWK of a P-256 key, for ES256.</summary>
    public static JsonWebKey Of(ECDsa ec)
    {
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey("ES256", ("crv", "P-256"), ("kty", "EC"), ("x", Text(point.X)), ("y", Text(point.Y)));
    }

    /// <summary>The JWK of an Ed25519 key, for EdDSA.</summary>
    public static JsonWebKey Of(PublicKey ed25519)
        => new("EdDSA", ("crv", "Ed25519"), ("kty", "OKP"), ("x", Text(ed25519.Export(KeyBlobFormat.RawPublicKey))));

    /// <summary>The JWK of a PEM file with a public key or a certificate; null if the file holds no RSA, P-256 or Ed25519 key.</summary>
    public static JsonWebKey? OfPublicPem(string pem)
    {
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return null;
        if (PemKey.PublicRsa(pem) is { } rsa)
        {
            using (rsa) return rsa.KeySize is >= RsaKey.MinBits and <= RsaKey.MaxBits ? Of(rsa) : null;
        }

        if (PemKey.PublicEc(pem) is { } ec)
        {
            using (ec) return ec.KeySize == 256 ? Of(ec) : null;
        }

        return PublicKey.TryImport(SignatureAlgorithm.Ed25519, Encoding.UTF8.GetBytes(pem), KeyBlobFormat.PkixPublicKeyText, out var ed25519)
            && ed25519 is not null
            ? Of(ed25519)
            : null;
    }

    /// <summary>A JWK Set (RFC 7517 §5) in UTF-8, each key once.</summary>
    public static byte[] Document(IEnumerable<JsonWebKey> keys)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            foreach (var key in keys.DistinctBy(k => k.Kid)) key.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in _members) writer.WriteString(name, value);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", _algorithm);
        writer.WriteString("kid", Kid);
        writer.WriteEndObject();
    }

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
