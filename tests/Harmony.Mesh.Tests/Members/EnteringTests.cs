using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Mesh.Tests.Members;

/// <summary>Who enters a pipeline by the URL of an ingress, and what becomes of everybody else: the backend is asked for members only.</summary>
public sealed class EnteringTests
{
    private const string Secret = "a-mesh-secret-of-32-bytes-or-more";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);

    private static JsonObject Claims(params (string Name, JsonNode? Value)[] changes)
        => TestTokens.Claims(TimeProvider.System, [("iss", "clinics"), ("sub", "clinic-a"), ("mesh_id", "clinics"), ("aud", null), .. changes]);

    private static string Good(params (string Name, JsonNode? Value)[] changes) => TestTokens.Hs256(Claims(changes), Key);

    private static string Config(Uri origin, string mode = "mesh", string mesh = "", string ingress = "", string url = "https://fhir.example.org/r4", string network = "trusted_proxies = [\"127.0.0.1\"]", string middleware = "", string tcp = "") => $"""
        [proxy]
        name = "clinic-b"
        primary_provider = "local"
        [network.main]
        {network}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        {tcp}
        [network.other.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 8081
        [pipelines.records]
        networks = ["main"]
        endpoints = ["records"]
        middleware = [{middleware}]
        backends = ["ehr"]
        [pipelines.records.mesh.ingress.fhir]
        type = "http"
        mode = "{mode}"
        urls = ["{url}"]
        {ingress}
        [pipelines.elsewhere]
        networks = ["other"]
        endpoints = ["elsewhere"]
        backends = ["ehr"]
        [endpoints.records]
        service = "http"
        options.path_prefix = "/records"
        [endpoints.elsewhere]
        service = "http"
        options.path_prefix = "/elsewhere"
        [backends.ehr]
        service = "http"
        options.base_url = "{origin.ToString().TrimEnd('/')}"
        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_secret = "{Secret}"
        ingress = ["fhir"]
        {mesh}
        """;

    private static Task<RawAnswer> AskAsync(TestGateway gateway, string path, string? token, string host = "fhir.example.org", string scheme = "https")
        => gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: {scheme}\r\n"
            + $"{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}Connection: close\r\n\r\n");

    [Fact]
    public async Task Member_EntersBelowTheUrl_AndTheBackendSeesNoToken()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        Assert.Equal(200, (await AskAsync(gateway, "/r4/Patient/1?x=1", Good())).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good(), "FHIR.Example.org:8443")).Status);
        Assert.Equal([("/Patient/1", null), ("/", null)], origin.Asked);
    }

    public static TheoryData<string, string?, int> BadTokens => new()
    {
        { "none", null, 401 },
        { "empty", "", 401 },
        { "garbage", "abc.def.ghi", 401 },
        { "other mesh", Good(("mesh_id", "pharmacies")), 401 },
        { "no mesh", Good(("mesh_id", null)), 401 },
        { "other issuer", Good(("iss", "pharmacies")), 401 },
        { "no issuer", Good(("iss", null)), 401 },
        { "expired", Good(("exp", TimeProvider.System.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds())), 401 },
        { "no end", Good(("exp", null)), 401 },
        { "end as text", Good(("exp", "4102444800")), 401 },
        { "not yet", Good(("nbf", TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds())), 401 },
        { "of the future", Good(("iat", TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds())), 401 },
        { "other secret", TestTokens.Hs256(Claims(), Encoding.UTF8.GetBytes("another-secret-of-32-bytes-or-more")), 401 },
        { "alg none", TestTokens.Sign("""{"alg":"none","typ":"JWT"}""", Claims().ToJsonString(), _ => []), 401 },
        { "alg None", TestTokens.Sign("""{"alg":"None"}""", Claims().ToJsonString(), _ => []), 401 },
        { "HS512 with the secret",
            TestTokens.Sign("""{"alg":"HS512"}""", Claims().ToJsonString(), i => System.Security.Cryptography.HMACSHA512.HashData(Key, i)), 401 },
        { "RS256 of a stranger", TestTokens.Rs256(Claims()), 401 },
        { "jku", TestTokens.Hs256(Claims(), Key, """{"alg":"HS256","jku":"http://127.0.0.1:1/keys"}"""), 401 },
        { "crit", TestTokens.Hs256(Claims(), Key, """{"alg":"HS256","crit":["exp"],"exp":1}"""), 401 },
        { "encrypted", "a.b.c.d.e", 401 },
        { "too long", new string('a', 20_000), 401 },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Stranger_Is401_AndTheBackendIsNotAsked(string what, string? token, int status)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        foreach (var path in new[] { "/r4/Patient/1", "/records/Patient/1" })
        {
            var answer = await AskAsync(gateway, path, token);
            Assert.True(answer.Status == status, $"{what} at {path}: {answer.Status}");
        }

        Assert.Empty(origin.Asked);
    }

    [Fact]
    public async Task TwoTokens_AreRefused()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        var answer = await gateway.SendRawAsync($"GET /r4 HTTP/1.1\r\nHost: fhir.example.org\r\nX-Forwarded-Proto: https\r\nAuthorization: Bearer "
            + $"{Good()}\r\nAuthorization: Bearer {Good()}\r\n\r\n");
        Assert.Equal(401, answer.Status);
        Assert.Empty(origin.Asked);
    }

    public static TheoryData<string, string, string, string> WrongUrls => new()
    {
        { "a segment that begins alike", "/r40", "fhir.example.org", "https" },
        { "below such a segment", "/r40/Patient/1", "fhir.example.org", "https" },
        { "a double slash", "//r4x/Patient", "fhir.example.org", "https" },
        { "another host", "/r4/Patient/1", "other.example.org", "https" },
        { "a host below", "/r4/Patient/1", "x.fhir.example.org", "https" },
        { "a host that begins alike", "/r4/Patient/1", "fhir.example.org.evil.example", "https" },
        { "a host with a dot", "/r4/Patient/1", "fhir.example.org.", "https" },
        { "http", "/r4/Patient/1", "fhir.example.org", "http" },
        { "the route of the endpoint", "/records/Patient/1", "fhir.example.org", "https" },
        { "that route elsewhere", "/records/Patient/1", "other.example.org", "http" },
    };

    [Theory]
    [MemberData(nameof(WrongUrls))]
    public async Task Member_ByAnotherUrl_DoesNotEnter(string what, string path, string host, string scheme)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        var answer = await AskAsync(gateway, path, Good(), host, scheme);
        Assert.True(answer.Status is 401 or 403 or 404, $"{what}: {answer.Status}");
        Assert.True(answer.Status != 404 || what == "a double slash", what);
        Assert.Empty(origin.Asked);
    }

    [Fact]
    public async Task ForwardedScheme_OfNobodyTrusted_IsNotBelieved()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, network: ""));
        Assert.Equal(403, (await AskAsync(gateway, "/r4/Patient/1", Good())).Status);
        Assert.Empty(origin.Asked);
    }

    [Fact]
    public async Task OtherNetworks_DoNotKnowTheUrl()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, url: "http://127.0.0.1/r4"));
        using var client = TestClient.Http1(gateway.UrlOf("other"));
        client.DefaultRequestHeaders.Authorization = new("Bearer", Good());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/r4/Patient/1", UriKind.Relative), Guard.Token)).StatusCode);
        using var main = TestClient.Http1(gateway.UrlOf("main"));
        main.DefaultRequestHeaders.Authorization = new("Bearer", Good());
        Assert.Equal(HttpStatusCode.OK, (await main.GetAsync(new Uri("/r4/Patient/1", UriKind.Relative), Guard.Token)).StatusCode);
        Assert.Single(origin.Asked);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tls_IsHttps(string version)
    {
        await using var origin = await CountedOrigin.StartAsync();
        var config = Config(origin.Url, url: "https://localhost/r4", network: "", tcp: TestCertificate.Toml);
        await using var gateway = await TestGateway.StartAsync(config, TestCertificate.Files);
        using var client = TestClient.Of(Version.Parse(version), new Uri($"https://localhost:{gateway.UrlOf("main").Port}"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/r4/Patient/1", UriKind.Relative), Guard.Token)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Good());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/r4/Patient/1", UriKind.Relative), Guard.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("/r40/Patient/1", UriKind.Relative), Guard.Token)).StatusCode);
        Assert.Equal([("/Patient/1", null)], origin.Asked);
    }

    [Fact]
    public async Task Port_CountsWhereTheUrlWritesOne()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, url: "https://fhir.example.org:443/r4"));
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good())).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good(), "fhir.example.org:443")).Status);
        Assert.Equal(403, (await AskAsync(gateway, "/r4", Good(), "fhir.example.org:8443")).Status);
    }

    [Theory]
    [InlineData("clinic-b", 200)]
    [InlineData("clinic-c", 401)]
    [InlineData(null, 401)]
    public async Task Audience_OfTheMesh_MustBeNamed(string? audience, int status)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, mesh: "audience = \"clinic-b\""));
        Assert.Equal(status, (await AskAsync(gateway, "/r4", Good(("aud", audience)))).Status);
        await using var own = await TestGateway.StartAsync(Config(origin.Url, mesh: "audience = \"everybody\"", ingress: "audience = \"clinic-b\""));
        Assert.Equal(status, (await AskAsync(own, "/r4", Good(("aud", audience)))).Status);
        Assert.Equal(status == 200 ? 2 : 0, origin.Asked.Count);
    }

    [Fact]
    public async Task Token_IsGoodOnce_WhereAskedFor()
    {
        await using var origin = await CountedOrigin.StartAsync();
        var config = Config(origin.Url, mesh: "replay_protection = true");
        await using var gateway = await TestGateway.StartAsync(config);
        var token = Good(("jti", "1"));
        Assert.Equal(200, (await AskAsync(gateway, "/r4", token)).Status);
        Assert.Equal(401, (await AskAsync(gateway, "/r4", token)).Status);
        Assert.Equal(401, (await AskAsync(gateway, "/r4", Good(("jti", "1"), ("extra", "x")))).Status);
        Assert.Equal(401, (await AskAsync(gateway, "/r4", Good(("jti", null)))).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good(("jti", "2")))).Status);
        await gateway.ReloadAsync(config + "\n# changed\n");
        Assert.Equal(401, (await AskAsync(gateway, "/r4", Good(("jti", "2")))).Status);
        Assert.Equal(2, origin.Asked.Count);
    }

    /// <summary>What is remembered of a token that comes again and again on one connection ends with the token.</summary>
    [Fact]
    public async Task Token_OnAKeptConnection_EndsAllTheSame()
    {
        var clock = new TestTimeProvider();
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url), clock: clock);
        using var connection = await RawConnection.OpenAsync(gateway.Address);
        var claims = TestTokens.Claims(clock, ("iss", "clinics"), ("sub", "clinic-a"), ("mesh_id", "clinics"), ("aud", null));
        var token = TestTokens.Hs256(claims, Key); // good for ten minutes, and clocks may differ by one
        foreach (var (minutes, status) in new[] { (0, 200), (0, 200), (0, 200), (9, 200), (0, 200), (3, 401), (0, 401) })
        {
            clock.Advance(TimeSpan.FromMinutes(minutes));
            await connection.WriteAsync($"GET /r4/x HTTP/1.1\r\nHost: fhir.example.org\r\nX-Forwarded-Proto: https\r\nAuthorization: Bearer {token}\r\n\r\n");
            Assert.Equal(status, (await RawAnswer.ReadAsync(connection)).Status);
        }

        Assert.Equal(5, origin.Asked.Count);
    }

    [Fact]
    public async Task ReplayCache_ThatIsFull_LetsNobodyIn()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, mesh: "replay_protection = true\nreplay_cache_size = 2"));
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good(("jti", "1")))).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good(("jti", "2")))).Status);
        Assert.Equal(503, (await AskAsync(gateway, "/r4", Good(("jti", "3")))).Status);
        Assert.Equal(2, origin.Asked.Count);
    }

    [Fact]
    public async Task DefaultMode_LetsEverybodyIn_ButNoBadToken()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, mode: "default"));
        Assert.Equal(200, (await AskAsync(gateway, "/r4/a", null)).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4/b", Good())).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/records/c", null)).Status);
        Assert.Equal(401, (await AskAsync(gateway, "/r4/d", Good(("exp", 1)))).Status);
        Assert.Equal(404, (await AskAsync(gateway, "/r40/e", null)).Status);
        Assert.Equal(404, (await AskAsync(gateway, "/r4/f", null, "other.example.org")).Status);
        // A token that names no mesh may be meant for a step of the pipeline: it goes on as it is.
        var other = TestTokens.Rs256(TestTokens.Claims(TimeProvider.System));
        Assert.Equal(200, (await AskAsync(gateway, "/r4/g", other)).Status);
        Assert.Equal([("/a", null), ("/b", null), ("/c", null), ("/g", "Bearer " + other)], origin.Asked);
    }

    [Theory]
    [InlineData("clinic-a", 200)]
    [InlineData("clinic-c", 403)]
    public async Task Policy_KnowsTheMember(string subject, int status)
    {
        await using var origin = await CountedOrigin.StartAsync();
        var policy = """

            [middleware.who]
            type = "policies"
            options.policies = ["only-a"]
            [policies.only-a]
            id = "only-a"
            rules = ["a"]
            [rules.a]
            id = "a"
            type = "metadata"
            options.metadata = [{ name = "mesh.subject", value = "clinic-a" }, { name = "mesh.name", value = "clinics" }, { name = "mesh.issuer", value = "clinics" }, { name = "mesh.ingress", value = "fhir" }]
            """;
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, middleware: "\"who\"") + policy);
        Assert.Equal(status, (await AskAsync(gateway, "/r4/a", Good(("sub", subject), ("name", "evil"), ("ingress", "evil")))).Status);
        Assert.Equal(status == 200 ? 1 : 0, origin.Asked.Count);
    }

    [Fact]
    public async Task Guard_GoesBeforeEverythingElse()
    {
        await using var origin = await CountedOrigin.StartAsync();
        var hook = """

            [middleware.hook]
            type = "webhook"
            options.endpoint = "ORIGIN/hook"
            """.Replace("ORIGIN", origin.Url.ToString().TrimEnd('/'), StringComparison.Ordinal);
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, middleware: "\"hook\"") + hook);
        Assert.Equal(401, (await AskAsync(gateway, "/r4/a", null)).Status);
        Assert.Empty(origin.Asked);
    }

    [Theory]
    [InlineData("jwt_secret = \"a-mesh-secret-of-32-bytes-or-more\"", "jwt_public_key_path = \"gone.pem\"")]
    [InlineData("ingress = [\"fhir\"]", "ingress = []")]
    [InlineData("provider = \"local\"", "provider = \"local\"\nenabled = false")]
    public async Task WhatCannotTellMembers_IsClosed(string part, string replaced)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url).Replace(part, replaced, StringComparison.Ordinal));
        foreach (var path in new[] { "/r4/a", "/records/a" })
        {
            Assert.True((await AskAsync(gateway, path, Good())).Status is 401 or 403 or 503);
        }

        Assert.Empty(origin.Asked);
    }

    [Theory]
    [InlineData("jwt_other_secrets = [\"short\"]", "'jwt_other_secrets' of mesh 'clinics' has 5 bytes; HS256 needs at least 32")]
    [InlineData("jwt_private_key_path = \"key.pem\"", "gives both a shared secret and 'jwt_private_key_path'; keep one")]
    [InlineData("leeway_secs = 301", "'leeway_secs'")]
    [InlineData("publish_jwks = true", "has no public key to publish")]
    [InlineData("jwt_secrets = \"x\"", "did you mean 'jwt_secret'?")]
    [InlineData("[mesh.clinics.members.a]", "member 'a' of mesh 'clinics' has no key")]
    public async Task Mistake_IsToldByItsKey(string line, string expected)
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config(new Uri("http://127.0.0.1:1"), mesh: line)));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherSecret_IsGood_AsLongAsItIsListed()
    {
        await using var origin = await CountedOrigin.StartAsync();
        const string other = "the-previous-secret-of-32-bytes-or-more";
        var token = TestTokens.Hs256(Claims(), Encoding.UTF8.GetBytes(other));
        var both = Config(origin.Url, mesh: $"jwt_other_secrets = [\"{other}\"]");
        await using var gateway = await TestGateway.StartAsync(both);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", token)).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good())).Status);
        await gateway.ReloadAsync(Config(origin.Url));
        Assert.Equal(401, (await AskAsync(gateway, "/r4", token)).Status);
        Assert.Equal(200, (await AskAsync(gateway, "/r4", Good())).Status);
    }
}
