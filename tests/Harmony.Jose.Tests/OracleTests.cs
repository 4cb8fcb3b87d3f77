using System.Security.Cryptography;
using System.Text;
using Harmony.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Harmony.Jose.Tests;

/// <summary>What another implementation signs, ours verifies; what ours verifies, the other verifies too. Several threads share one key.</summary>
public sealed class OracleTests
{
    private static readonly JsonWebTokenHandler Oracle = new();

    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Tokens_OfTheOracle_AreVerifiedByBothOrByNeither(string name)
    {
        var algorithm = JwsAlgorithm.Find(name)!;
        SecurityKey signing = name[0] == 'E' ? new ECDsaSecurityKey(TestTokens.Ec) : new RsaSecurityKey(TestTokens.Rsa);
        var pem = name[0] == 'E' ? TestTokens.Ec.ExportSubjectPublicKeyInfoPem() : TestTokens.Rsa.ExportSubjectPublicKeyInfoPem();
        var key = PemKey.TryRead(pem, new AcceptedAlgorithms([algorithm]), out _)!;
        var token = Oracle.CreateToken("""{"iss":"https://issuer.example","sub":"ann","exp":4102444800}""", new SigningCredentials(signing, name));
        var rules = new TokenValidationParameters { IssuerSigningKey = signing, ValidateIssuer = false, ValidateAudience = false, ValidAlgorithms = [name] };
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var text = round == 0 ? token : Changed(token, random);
            var theirs = (await Oracle.ValidateTokenAsync(text, rules)).IsValid;
            var ours = CompactJws.TryParse(text, out var jws, out _) && jws.Header.Algorithm == name && key.Verify(algorithm, jws.Signed, jws.Signature);
            // Ours may refuse more: text that two readers could read differently is no token to it.
            Assert.True(theirs || !ours, $"{name}, round {round}: ours takes what the oracle refuses: {text}");
            Assert.True(round > 0 || (ours && theirs), name);
        }
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public void Verify_ByManyThreads_HoldsForEachSignature(string name)
    {
        var algorithm = JwsAlgorithm.Find(name)!;
        var pem = name[0] == 'E' ? TestTokens.Ec.ExportSubjectPublicKeyInfoPem() : TestTokens.Rsa.ExportSubjectPublicKeyInfoPem();
        var key = PemKey.TryRead(pem, new AcceptedAlgorithms([algorithm]), out _)!;
        var texts = Enumerable.Range(0, 50).Select(i => Encoding.UTF8.GetBytes($"text {i}")).ToList();
        var signatures = texts.ConvertAll(t => name[0] == 'E'
            ? TestTokens.Ec.SignData(t, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : TestTokens.Rsa.SignData(t, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.True(key.Verify(algorithm, texts[i % 50], signatures[i % 50]));
            Assert.False(key.Verify(algorithm, texts[i % 50], signatures[(i + 1) % 50]));
        });
    }

    private static string Changed(string token, Random random)
    {
        var text = token.ToCharArray();
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
        for (var i = 1 + random.Next(2); i > 0; i--) text[random.Next(text.Length)] = letters[random.Next(letters.Length)];
        return new string(text);
    }
}
