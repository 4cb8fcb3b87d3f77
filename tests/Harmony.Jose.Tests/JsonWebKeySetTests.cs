using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Harmony.Testing;

namespace Harmony.Jose.Tests;

public class JsonWebKeySetTests
{
    private static readonly string N = TestTokens.Encode(TestTokens.Rsa.ExportParameters(false).Modulus!);

    /// <summary>Of RFC 7517 appendix A.1: a key for encryption only, which is not for us.</summary>
    private const string EncryptionKey = """{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}""";

    public static TheoryData<string, string?, string> Keys => new()
    {
        { "as usual", "RS256", $$"""{"kty":"RSA","kid":"a","n":"{{N}}","e":"AQAB"}""" },
        { "marked for RS256", "RS256", $$"""{"kty":"RSA","alg":"RS256","use":"sig","key_ops":["verify"],"n":"{{N}}","e":"AQAB"}""" },
        { "marked for an algorithm that is not accepted", null, $$"""{"kty":"RSA","alg":"PS256","n":"{{N}}","e":"AQAB"}""" },
        { "marked for HMAC", null, $$"""{"kty":"RSA","alg":"HS256","n":"{{N}}","e":"AQAB"}""" },
        { "for signing only", null, $$"""{"kty":"RSA","key_ops":["sign"],"n":"{{N}}","e":"AQAB"}""" },
        { "for encryption", null, EncryptionKey },
        { "elliptic", "ES256", EncryptionKey.Replace(",\"use\":\"enc\"", "", StringComparison.Ordinal) },
        { "not on the curve", null,
            EncryptionKey.Replace(",\"use\":\"enc\"", "", StringComparison.Ordinal).Replace("\"MKB", "\"MKC", StringComparison.Ordinal) },
        { "of the wrong length", null,
            EncryptionKey.Replace(",\"use\":\"enc\"", "", StringComparison.Ordinal).Replace("P-256", "P-384", StringComparison.Ordinal) },
        { "a secret", null, """{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}""" },
        { "small", null, $$"""{"kty":"RSA","n":"{{TestTokens.Encode(new byte[128])}}","e":"AQAB"}""" },
        { "of weak primes (ROCA, CVE-2017-15361)", null, $$"""{"kty":"RSA","n":"{{TestTokens.Encode(WeakModulus())}}","e":"AQAB"}""" },
        { "padded", null, $$"""{"kty":"RSA","n":"{{N}}==","e":"AQAB"}""" },
        { "without exponent", null, $$"""{"kty":"RSA","n":"{{N}}"}""" },
        { "of Edwards' curve", "EdDSA", """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""" },
        { "of Edwards' curve, marked for another algorithm", null,
            """{"kty":"OKP","crv":"Ed25519","alg":"RS256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""" },
        { "of Edwards' curve, too short", null, """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcH"}""" },
        { "of a curve that is not served", null, """{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""" },
        { "of a new kind", null, """{"kty":"AKP","alg":"ML-DSA-44","pub":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""" },
        { "no object", null, "7" },
    };

    /// <summary>As the faulty library makes it: a power of 65537 modulo the product of the first primes, of 2048 bits.</summary>
    private static byte[] WeakModulus()
    {
        var product = BigInteger.One;
        for (var p = 2; p <= 701; p++)
        {
            if (Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(p) - 1)).All(d => p % d != 0)) product *= p;
        }

        var modulus = BigInteger.ModPow(65537, 123_456_789, product);
        modulus += product * ((BigInteger.One << 2047) / product + 1);
        return modulus.ToByteArray(isUnsigned: true, isBigEndian: true);
    }

    [Fact]
    public void TryParse_OfManyKeys_TakesTheLastOneToo()
    {
        var key =
            $$"""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"K"}""";
        var keys = string.Join(',', Enumerable.Range(0, 600).Select(i => key.Replace("\"K\"", $"\"k{i}\"", StringComparison.Ordinal)));
        Assert.True(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{keys}}]}"""), AcceptedAlgorithms.Default, out var set));
        Assert.Equal(600, set.Keys.Count);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void TryParse_TakesOnlyKeysThatVerify(string what, string? algorithm, string jwk)
    {
        Assert.True(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{jwk}}]}"""), AcceptedAlgorithms.Default, out var set), what);
        Assert.Equal(algorithm is null ? 0 : 1, set.Keys.Count);
        if (algorithm is null) return;
        Assert.Equal([algorithm], JwsAlgorithm.All.Where(set.Keys[0].Serves).Select(a => a.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[]} x""")]
    public void TryParse_NoKeySet_SaysSo(string text) => Assert.False(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(text), AcceptedAlgorithms.Default, out _));

    [Fact]
    public void Pin_KeyWithoutAlgorithm_ServesOneFamilyOnly()
    {
        var accepted = new AcceptedAlgorithms([.. "PS256 RS256 PS512".Split(' ').Select(n => JwsAlgorithm.Find(n)!)]);
        var key = RsaKey.Create(TestTokens.Rsa, null, null, accepted)!;
        Assert.Equal(["PS256", "PS512"], JwsAlgorithm.All.Where(key.Serves).Select(a => a.Name));
    }

    [Fact]
    public void PemKey_PrivateOrSmallOrOther_SaysWhatIsThere()
    {
        using var small = RSA.Create(1024);
        foreach (var (pem, said) in ((string Pem, string Said)[])
        [
            (TestTokens.Rsa.ExportPkcs8PrivateKeyPem(), "private key"),
            (small.ExportSubjectPublicKeyInfoPem(), "1024 bits"),
            ("nothing", "no public RSA or elliptic curve key"),
        ])
        {
            Assert.Null(PemKey.TryRead(pem, AcceptedAlgorithms.Default, out var reason));
            Assert.Contains(said, reason, StringComparison.Ordinal);
        }

        Assert.NotNull(PemKey.TryRead(TestTokens.Rsa.ExportRSAPublicKeyPem(), AcceptedAlgorithms.Default, out _));
        Assert.NotNull(PemKey.TryRead(TestTokens.Ec.ExportSubjectPublicKeyInfoPem(), AcceptedAlgorithms.Default, out _));
    }

    [Fact]
    public void PemKey_Ed25519_IsRead()
    {
        const string pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        Assert.IsType<Ed25519Key>(PemKey.TryRead(pem, AcceptedAlgorithms.Default, out _));
        Assert.Null(PemKey.TryRead(pem, new AcceptedAlgorithms([JwsAlgorithm.Find("RS256")!]), out var reason));
        Assert.Contains("EdDSA", reason, StringComparison.Ordinal);
    }
}
