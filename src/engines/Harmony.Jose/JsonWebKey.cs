using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSec.Cryptography;
using PublicKey = NSec.Cryptography.PublicKey;

namespace Harmony.Jose;

/// <summary>A public key in the form in which it is published (RFC 7517 §4). Its name is its thumbprint, so one key has one name wherever it is read.</summary>
internal sealed class JsonWebKey
{
    private readonly IReadOnlyList<(string Name, string Value)> _members;
    private readonly string _algorithm;

    /// <param name="algorithm">The one algorithm it is for.</param>
    /// <param name="members">The members that RFC 7638 §3.2 requires, in the order of their names.</param>
    private JsonWebKey(string algorithm, params (string Name, string Value)[] members)
    {
        (_algorithm, _members) = (algorithm, members);
        var canonical = "{" + string.Join(',', members.Select(m => $"\"{m.Name}\":\"{m.Value}\"")) + "}";
        Kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>Its thumbprint (RFC 7638), which is <c>kid</c> of tokens signed with the private half.</summary>
    public string Kid { get; }

    /// <summary>The key that verifies what an RSA key signs with RS256.</summary>
    public static JsonWebKey Of(RSA rsa)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonWebKey("RS256", ("e", Text(parameters.Exponent)), ("kty", "RSA"), ("n", Text(parameters.Modulus)));
    }

    /// <summary>The key that verifies what a P-256 key signs with ES256.</summary>
    public static JsonWebKey Of(ECDsa ec)
    {
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey("ES256", ("crv", "P-256"), ("kty", "EC"), ("x", Text(point.X)), ("y", Text(point.Y)));
    }

    /// <summary>The key that verifies what an Ed25519 key signs.</summary>
    public static JsonWebKey Of(PublicKey ed25519)
        => new("EdDSA", ("crv", "Ed25519"), ("kty", "OKP"), ("x", Text(ed25519.Export(KeyBlobFormat.RawPublicKey))));

    /// <summary>The key of a PEM file with a public key or a certificate; null when it holds none that can be published.</summary>
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

    /// <summary>The document that publishes keys (RFC 7517 §5), each once, in UTF-8.</summary>
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
