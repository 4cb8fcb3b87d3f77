using System.Security.Cryptography;
using System.Text.Json;

namespace Harmony.Jose;

/// <summary>The keys that verify the tokens of an issuer. Immutable.</summary>
/// <param name="keys">The keys.</param>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    /// <summary>The empty set, before the first fetch.</summary>
    public static readonly KeySet Empty = new([]);

    /// <summary>The keys.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; } = keys;

    /// <summary>
    /// The keys that may verify a token: they serve its algorithm, and have the <c>kid</c> of its header or none. A header without <c>kid</c> may be of any.
    /// The <c>kid</c> only chooses among keys that are trusted anyway.
    /// </summary>
    /// <param name="header">The token's header.</param>
    /// <param name="algorithm">The algorithm of the header.</param>
    public IEnumerable<VerificationKey> Candidates(JoseHeader header, JwsAlgorithm algorithm)
        => Keys.Where(k => k.Serves(algorithm) && (header.Kid is null || k.Kid is null || k.Kid == header.Kid));

    /// <summary>Whether the set has a key of that <c>kid</c>.</summary>
    public bool Knows(string? kid) => kid is null ? Keys.Count > 0 : Keys.Any(k => k.Kid is null || k.Kid == kid);
}

/// <summary>Reads JWK Sets (RFC 7517 §5). Keys that cannot be used are left out, as §5 asks.</summary>
internal static class JsonWebKeySet
{
    /// <summary>Most keys of a set that are read: another system writes the document.</summary>
    private const int MaxKeys = 1000;

    /// <summary>Reads a set.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="accepted">The accepted algorithms.</param>
    /// <param name="keys">The keys that can be used.</param>
    /// <returns>False if the document is no JWK Set.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, AcceptedAlgorithms accepted, out KeySet keys)
    {
        keys = KeySet.Empty;
        if (!StrictJson.TryParse(utf8, out var root)) return false;
        if (!root.TryGetProperty("keys", out var array) || array.ValueKind != JsonValueKind.Array) return false;
        keys = new KeySet([.. array.EnumerateArray().Take(MaxKeys).Select(k => Read(k, accepted)).OfType<VerificationKey>()]);
        return true;
    }

    /// <summary>Reads a key; null if the key does not verify signatures of an accepted algorithm.</summary>
    private static VerificationKey? Read(JsonElement jwk, AcceptedAlgorithms accepted)
    {
        if (jwk.ValueKind != JsonValueKind.Object || !IsForVerifying(jwk)) return null;
        if (!StrictJson.TryText(jwk, "kid", out var kid) || !StrictJson.TryText(jwk, "alg", out var stated)) return null;
        if (!StrictJson.TryText(jwk, "kty", out var type)) return null;
        try
        {
            return type switch
            {
                "RSA" => ReadRsa(jwk, kid, stated, accepted),
                "EC" => ReadEc(jwk, kid, stated, accepted),
                "OKP" => ReadEd25519(jwk, kid, stated, accepted),
                _ => null, // a published "oct" key is no secret
            };
        }
        catch (CryptographicException)
        {
            return null; // not a point of its curve, an even modulus, and the like
        }
    }

    /// <summary>RFC 7517 §4.2 and §4.3.</summary>
    private static bool IsForVerifying(JsonElement jwk)
    {
        if (jwk.TryGetProperty("use", out var use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"))) return false;
        if (!jwk.TryGetProperty("key_ops", out var operations)) return true;
        return operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"));
    }

    private static RsaKey? ReadRsa(JsonElement jwk, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        if (Bytes(jwk, "n") is not { Length: >= RsaKey.MinBits / 8 and <= RsaKey.MaxBits / 8 } modulus) return null;
        if (Bytes(jwk, "e") is not { Length: >= 1 and <= 8 } exponent) return null;
        return RsaKey.Create(RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent }), kid, stated, accepted);
    }

    private static EcKey? ReadEc(JsonElement jwk, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        if (!StrictJson.TryText(jwk, "crv", out var name)) return null;
        if (JwsAlgorithm.All.FirstOrDefault(a => a.Curve is not null && a.Curve == name) is not { } algorithm) return null;
        if (Bytes(jwk, "x") is not { } x || Bytes(jwk, "y") is not { } y) return null;
        if (x.Length != algorithm.FieldBytes || y.Length != algorithm.FieldBytes) return null; // RFC 7518 §6.2.1.2
        var curve = name switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        return EcKey.Create(ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } }), kid, stated, accepted);
    }

    /// <summary>RFC 8037 §2.</summary>
    private static Ed25519Key? ReadEd25519(JsonElement jwk, string? kid, string? stated, AcceptedAlgorithms accepted)
        => StrictJson.TryText(jwk, "crv", out var curve) && curve == "Ed25519" && Bytes(jwk, "x") is { Length: 32 } raw
            ? Ed25519Key.Create(raw, kid, stated, accepted)
            : null;

    private static byte[]? Bytes(JsonElement jwk, string member)
        => StrictJson.TryText(jwk, member, out var text) && text is not null && StrictBase64Url.TryDecode(text, out var bytes) ? bytes : null;
}
