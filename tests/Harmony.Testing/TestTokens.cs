using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Harmony.Testing;

/// <summary>Keys of tests, and tokens signed with them, right and wrong.</summary>
public static class TestTokens
{
    public const string Secret = "a-shared-secret-of-32-bytes-or-more";

    public static readonly RSA Rsa = RSA.Create(2048);

    public static readonly RSA OtherRsa = RSA.Create(2048);

    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key of <see cref="Rsa"/> as a file.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["public.pem"] = Rsa.ExportSubjectPublicKeyInfoPem(),
        ["ec.pem"] = Ec.ExportSubjectPublicKeyInfoPem(),
    };

    /// <summary>Claims of a good token, some of them changed; null takes one away.</summary>
    public static JsonObject Claims(TimeProvider clock, params (string Name, JsonNode? Value)[] changes)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "https://issuer.example", ["aud"] = "gateway", ["sub"] = "ann", ["exp"] = now + 600, ["nbf"] = now, ["iat"] = now
        };
        foreach (var (name, value) in changes)
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value;
        }

        return claims;
    }

    public static string Rs256(JsonObject claims, RSA? key = null, string? kid = null)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" };
        if (kid is not null) header["kid"] = kid;
        return Sign(header.ToJsonString(), claims.ToJsonString(), input => (key ?? Rsa).SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string Hs256(JsonObject claims, byte[]? secret = null, string header = """{"alg":"HS256","typ":"JWT"}""")
        => Sign(header, claims.ToJsonString(), input => HMACSHA256.HashData(secret ?? Encoding.UTF8.GetBytes(Secret), input));

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>A signature of <see cref="Rsa"/>, whatever the header says.</summary>
    public static byte[] RsaSignature(byte[] input) => Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static string Jwk(RSA key, string kid)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{kid}}","n":"{{Encode(parameters.Modulus!)}}","e":"{{Encode(parameters.Exponent!)}}"}""";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
