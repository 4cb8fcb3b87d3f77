using System.Text;
using System.Text.Json.Nodes;
using Harmony.Access.Authentication;
using Harmony.Access.Middleware.JwtAuth;
using Harmony.Access.Tests.Authentication;
using Harmony.Core.Envelope;
using Harmony.Jose;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Access.Tests.Middleware.JwtAuth;

public class JwtAuthMiddlewareTests
{
    private const string Rs256 = """
        [middleware.auth]
        type = "jwt_auth"
        [middleware.auth.options]
        public_key_path = "public.pem"
        issuer = "https://issuer.example"
        audience = "gateway"

        """;

    private static readonly TestTimeProvider Clock = new();

    private static readonly byte[] PublicKey = Encoding.UTF8.GetBytes(TestTokens.Files["public.pem"]);

    private static long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    private static JsonObject Good => TestTokens.Claims(Clock);

    private static JsonObject With(string name, JsonNode? value) => TestTokens.Claims(Clock, (name, value));

    private static string Signed(string header) => TestTokens.Sign(header, Good.ToJsonString(), TestTokens.RsaSignature);

    /// <summary>threats.md, row JWT.</summary>
    public static TheoryData<string, int, string> Tokens => new()
    {
        { "good", 200, TestTokens.Rs256(Good) },
        { "several audiences", 200, TestTokens.Rs256(With("aud", new JsonArray("other", "gateway"))) },
        { "expired within the leeway", 200, TestTokens.Rs256(With("exp", Now - 59)) },
        { "access token (RFC 9068)", 200, Signed("""{"alg":"RS256","typ":"application/at+jwt"}""") },
        { "kid of a key that has no name here", 200, TestTokens.Rs256(Good, kid: "../../etc/passwd") },
        { "expired", 401, TestTokens.Rs256(With("exp", Now - 60)) },
        { "without expiry", 401, TestTokens.Rs256(With("exp", null)) },
        { "expiry that is no number", 401, TestTokens.Rs256(With("exp", "9999999999")) },
        { "expiry without end", 401, TestTokens.Rs256(With("exp", 1e300)) },
        { "not yet valid", 401, TestTokens.Rs256(With("nbf", Now + 61)) },
        { "issued in the future", 401, TestTokens.Rs256(With("iat", Now + 61)) },
        { "wrong audience", 401, TestTokens.Rs256(With("aud", "other")) },
        { "no audience", 401, TestTokens.Rs256(With("aud", null)) },
        { "audience of another type", 401, TestTokens.Rs256(With("aud", new JsonObject { ["gateway"] = 1 })) },
        { "wrong issuer", 401, TestTokens.Rs256(With("iss", "https://issuer.example.attacker.com")) },
        { "no issuer", 401, TestTokens.Rs256(With("iss", null)) },
        { "another key", 401, TestTokens.Rs256(Good, TestTokens.OtherRsa) },
        { "alg none", 401, TestTokens.Sign("""{"alg":"none"}""", Good.ToJsonString(), _ => []) },
        { "alg nOnE", 401, TestTokens.Sign("""{"alg":"nOnE"}""", Good.ToJsonString(), _ => []) },
        { "alg none with a signature", 401, Signed("""{"alg":"none"}""") },
        { "no signature", 401, TestTokens.Rs256(Good)[..^342] },
        { "RS256 to HS256 with the public key as secret", 401, TestTokens.Hs256(Good, PublicKey) },
        { "HS256", 401, TestTokens.Hs256(Good) },
        { "RS512, not accepted", 401, TestTokens.Sign("""{"alg":"RS512"}""", Good.ToJsonString(),
            input => TestTokens.Rsa.SignData(input, System.Security.Cryptography.HashAlgorithmName.SHA512,
                System.Security.Cryptography.RSASignaturePadding.Pkcs1)) },
        { "signature of RS256 called PS256", 401, Signed("""{"alg":"PS256"}""") },
        { "alg twice", 401, Signed("""{"alg":"none","alg":"RS256"}""") },
        { "alg twice, escaped", 401, Signed("""{"alg":"none","\u0061lg":"RS256"}""") },
        { "no alg", 401, Signed("""{"typ":"JWT"}""") },
        { "jku", 401, Signed("""{"alg":"RS256","jku":"http://127.0.0.1:1/keys"}""") },
        { "x5u", 401, Signed("""{"alg":"RS256","x5u":"http://127.0.0.1:1/keys"}""") },
        { "jwk", 401, Signed($$"""{"alg":"RS256","jwk":{{TestTokens.Jwk(TestTokens.Rsa, "a")}}}""") },
        { "crit", 401, Signed("""{"alg":"RS256","crit":["b64"],"b64":false}""") },
        { "nested", 401, Signed("""{"alg":"RS256","cty":"JWT"}""") },
        { "another type", 401, Signed("""{"alg":"RS256","typ":"logout+jwt"}""") },
        { "encrypted", 401, "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA" },
        { "encrypted, in three parts", 401, Signed("""{"alg":"RS256","enc":"A128GCM"}""") },
        { "claims twice", 401,
            TestTokens.Sign("""{"alg":"RS256"}""", Good.ToJsonString().Replace("{", "{\"sub\":\"root\",", StringComparison.Ordinal), TestTokens.RsaSignature) },
        { "claims no object", 401, TestTokens.Sign("""{"alg":"RS256"}""", "[]", TestTokens.RsaSignature) },
        { "padded", 401, TestTokens.Rs256(Good) + "==" },
        { "two parts", 401, "e30.e30" },
        { "one dot more", 401, TestTokens.Rs256(Good) + "." },
        { "empty", 401, "" },
        { "no base64url", 401, "a+b.c/d.e" },
        { "20 KB", 401, TestTokens.Rs256(With("x", new string('x', 15_000))) },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Token_PassesOrNot(string what, int status, string token)
    {
        await using var guarded = await Guarded.StartAsync(Rs256, files: TestTokens.Files, clock: Clock);
        var answer = await guarded.GetAsync($"Authorization: Bearer {token}");
        Assert.True(status == answer.Status, $"{what}: {answer.Status}");
        Assert.Equal(status == 200 ? 1 : 0, guarded.Seen.Count);
        if (status == 401) Assert.Equal("Bearer realm=\"harmony\", error=\"invalid_token\"", answer["www-authenticate"].Single());
        foreach (var part in token.Split('.').Where(p => p.Length > 8)) guarded.AssertNotLogged(part);
    }

    [Fact]
    public async Task NoToken_IsToldTheSchemeAlone()
    {
        await using var guarded = await Guarded.StartAsync(Rs256, files: TestTokens.Files, clock: Clock);
        foreach (var field in (string[])["X-A: 1", "Authorization: Basic YW5uOmdlaGVpbQ=="])
        {
            var answer = await guarded.GetAsync(field);
            Assert.Equal((401, "Bearer realm=\"harmony\""), (answer.Status, answer["www-authenticate"].Single()));
        }

        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(Good)}", $"Authorization: Bearer {TestTokens.Rs256(Good)}"));
        Assert.Equal(200, await guarded.StatusAsync($"authorization: bEARER {TestTokens.Rs256(Good)}"));
    }

    /// <summary>A listener takes heads of 32 KB at most; a protocol without that limit must be as safe.</summary>
    [Fact]
    public async Task Token_Of2Mb_IsRefusedUnread()
    {
        await using var guarded = await Guarded.StartAsync(Rs256, files: TestTokens.Files, clock: Clock);
        var headers = new HeaderFields();
        headers.Add("authorization", "Bearer " + new string('a', 2 * 1024 * 1024));
        var request = new RequestEnvelope { Protocol = "http", Method = "GET", Path = "/", Headers = headers, Body = Body.Empty(), RequestId = "r" };
        var route = guarded.Gateway.Snapshot.Network("main")!.Routes.Match("/", "GET").Value;
        var response = await route.Pipeline.RunAsync(request, route.Endpoint, CancellationToken.None);
        Assert.Equal(Core.Pipeline.RefusalKind.Unauthenticated, response.Refusal!.Kind);
        guarded.AssertNotLogged("aaaa");
    }

    [Fact]
    public async Task Claims_AreOfferedAsMetadata()
    {
        await using var guarded = await Guarded.StartAsync(Rs256, files: TestTokens.Files, clock: Clock);
        var claims = TestTokens.Claims(Clock, ("roles", new JsonArray("nurse")), ("admin", true), ("scope", "read"));
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(claims)}"));
        var metadata = guarded.Last.Metadata;
        Assert.Equal(("ann", "[\"nurse\"]", "true", "read"), (metadata["jwt.sub"], metadata["jwt.roles"], metadata["jwt.admin"], metadata["jwt.scope"]));
        Assert.Equal(("jwt", "ann"), (guarded.Last.Identity!.Method, guarded.Last.Identity.Subject));
        Assert.NotNull(guarded.Last.Headers["authorization"]);
    }

    [Fact]
    public async Task RepeatedToken_IsRememberedUntilItExpires()
    {
        var clock = new TestTimeProvider();
        await using var guarded = await Guarded.StartAsync(Rs256, files: TestTokens.Files, clock: clock);
        var field = $"Authorization: Bearer {TestTokens.Rs256(TestTokens.Claims(clock))}";
        Assert.Equal(200, await guarded.StatusAsync(field));
        var first = guarded.Last.Identity;
        Assert.Equal(200, await guarded.StatusAsync(field));
        Assert.Same(first, guarded.Last.Identity);
        clock.Advance(TimeSpan.FromSeconds(660));
        Assert.Equal(401, await guarded.StatusAsync(field));
    }

    [Fact]
    public async Task RepeatedToken_AllocatesNothing()
    {
        var accepted = AcceptedAlgorithms.Default;
        var key = RsaKey.Create(TestTokens.Rsa, null, null, accepted)!;
        var settings = new StepSettings("auth", false, true, "Bearer", "harmony", NullLogger.Instance);
        await using var step = new JwtAuthMiddleware(
            settings, new JwtVerification(accepted, new JwtRules(), 16_384, 10), new KeySources(new FixedKeys(key)), Clock, null);
        var headers = new HeaderFields();
        headers.Add("authorization", $"Bearer {TestTokens.Rs256(Good)}");
        var requests = Enumerable.Range(0, 1001).Select(_ => new RequestEnvelope
        {
            Protocol = "http", Method = "GET", Path = "/", Headers = headers, Body = Body.Empty(), RequestId = "r",
        }).ToArray();
        Assert.True((await step.OnRequestAsync(requests[0], CancellationToken.None)).IsContinue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var passed = 0;
        for (var i = 1; i < requests.Length; i++)
        {
            if ((await step.OnRequestAsync(requests[i], CancellationToken.None)).IsContinue) passed++;
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 8);
        Assert.Equal(1000, passed);
        Assert.Equal("ann", requests[^1].Identity!.Subject);
    }

    [Theory]
    [InlineData("required_claims = [\"scope\"]", 401)]
    [InlineData("required_claims = [\"sub\", \"iat\"]", 200)]
    [InlineData("trusted_issuers = [\"https://other.example\"]", 200)]
    [InlineData("algorithms = [\"RS384\", \"RS256\"]", 200)]
    [InlineData("algorithms = [\"RS384\"]", 401)]
    [InlineData("algorithms = [\"PS256\"]", 401)]
    public async Task Options_DecideWhoPasses(string option, int status)
    {
        await using var guarded = await Guarded.StartAsync(Rs256 + option, files: TestTokens.Files, clock: Clock);
        Assert.Equal(status, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(Good)}"));
    }

    /// <summary>As the public Harmony Proxy answers.</summary>
    [Fact]
    public async Task Hs256_ByReference_PassesAndRefuses()
    {
        const string toml = """
            [authentications.tokens]
            method = "jwt"
            [authentications.tokens.options]
            use_hs256 = true
            hs256_secret = "a-shared-secret-of-32-bytes-or-more"
            leeway_seconds = 0
            validate_expiry = false
            [middleware.auth]
            type = "jwtauth"
            authentication = "tokens"
            """;
        await using var guarded = await Guarded.StartAsync(toml, clock: Clock);
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Hs256(With("exp", Now - 1000))}"));
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Hs256(With("exp", null))}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Hs256(With("nbf", Now + 1))}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Hs256(Good, "test-fallback-secret"u8.ToArray())}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(Good)}"));
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer bad"));
        guarded.AssertNotLogged("a-shared-secret");
    }

    [Fact]
    public async Task EllipticKey_ServesTheAlgorithmOfItsCurve()
    {
        await using var guarded = await Guarded.StartAsync(
            "[middleware.auth]\ntype = \"jwt\"\noptions.public_key_path = \"ec.pem\"\n", files: TestTokens.Files, clock: Clock);
        var token = TestTokens.Sign(
            """{"alg":"ES256"}""", Good.ToJsonString(), input => TestTokens.Ec.SignData(input, System.Security.Cryptography.HashAlgorithmName.SHA256));
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Bearer {token}"));
    }

    [Fact]
    public async Task KeyFile_ThatIsNotThere_ClosesThePipeline()
    {
        await using var guarded = await Guarded.StartAsync("[middleware.auth]\ntype = \"jwt_auth\"\noptions.public_key_path = \"nowhere.pem\"\n",
            files: TestTokens.Files, clock: Clock);
        Assert.Equal(503, await guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(Good)}"));
    }

    [Theory]
    [InlineData("", "config.toml(1,1): error: middleware 'auth' has no key to verify tokens with")]
    [InlineData("issuer = \"our-issuer\"", "'our-issuer' is no URL")]
    [InlineData("issuer = \"http://issuer.example\"", "must be asked by https")]
    [InlineData("public_key_path = \"config.toml\"", "holds no public RSA or elliptic curve key")]
    [InlineData("public_key_path = \"public.pem\"\njwks_uri = \"https://a.example/keys\"", "keep one")]
    [InlineData("jwks_uri = \"http://a.example/keys\"", "'jwks_uri' may not be used: 'a.example' must be asked by https")]
    [InlineData("jwks_uri = \"https://169.254.169.254/keys\"", "metadata")]
    [InlineData("use_hs256 = true", "there is no default")]
    [InlineData("use_hs256 = true\nhs256_secret = \"test-fallback-secret\"", "has 20 bytes; HS256 needs at least 32")]
    [InlineData("public_key_path = \"public.pem\"\nalgorithms = [\"HS256\"]", "'HS256' needs 'use_hs256 = true'")]
    [InlineData("public_key_path = \"public.pem\"\nalgorithms = [\"none\"]", "'none' is not an algorithm that can be accepted")]
    [InlineData("public_key_path = \"public.pem\"\nalgorithms = [\"RS256\", \"PS256\"]", "not both")]
    [InlineData("public_key_path = \"public.pem\"\nalgorithms = [\"ES256\"]", "an RSA key, which none of 'algorithms' is for")]
    [InlineData("public_key_path = \"public.pem\"\nleeway_secs = 301", "leeway_secs")]
    public async Task Options_Incomplete_AreErrorsAtStart(string options, string said)
    {
        var problems = await Guarded.ErrorsOfAsync("[middleware.auth]\ntype = \"jwt_auth\"\n[middleware.auth.options]\n" + options, TestTokens.Files);
        Assert.Contains(said, problems, StringComparison.Ordinal);
        Assert.DoesNotContain("test-fallback-secret", problems, StringComparison.Ordinal);
    }
}
