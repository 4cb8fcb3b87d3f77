using Harmony.Access.Tests.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.JwtAuth;

public class RemoteKeysTests
{
    private readonly TestTimeProvider _clock = new();

    private string Old => $"Authorization: Bearer {TestTokens.Rs256(TestTokens.Claims(_clock), kid: "old")}";

    private string New => $"Authorization: Bearer {TestTokens.Rs256(TestTokens.Claims(_clock), TestTokens.OtherRsa, "new")}";

    [Fact]
    public async Task Rotation_IsPickedUpWithoutFailingARequest_AndEndsWhatTheOldKeyVouchedFor()
    {
        await using var server = await KeyServer.StartAsync();
        server.Publish(TestTokens.Jwk(TestTokens.Rsa, "old"));
        await using var guarded = await StartAsync(server);
        Assert.Equal(200, await guarded.StatusAsync(Old));
        _clock.Advance(TimeSpan.FromSeconds(30));

        server.Publish(TestTokens.Jwk(TestTokens.OtherRsa, "new"));
        var field = New;
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => guarded.StatusAsync(field)));
        Assert.All(statuses, s => Assert.Equal(200, s));
        Assert.Equal(2, server.Asked);
        Assert.Equal(401, await guarded.StatusAsync(Old));
    }

    [Fact]
    public async Task UnknownKeys_CauseAtMostOneFetchInTheIntervalAllowed()
    {
        await using var server = await KeyServer.StartAsync();
        server.Publish(TestTokens.Jwk(TestTokens.Rsa, "old"));
        await using var guarded = await StartAsync(server);
        Assert.Equal(200, await guarded.StatusAsync(Old));
        for (var i = 0; i < 20; i++) Assert.Equal(401, await guarded.StatusAsync(New));
        Assert.Equal(1, server.Asked);
        _clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 20; i++) Assert.Equal(401, await guarded.StatusAsync(New));
        Assert.Equal(2, server.Asked);
    }

    [Fact]
    public async Task Issuer_Unreachable_KnownKeysStayAndUnknownOnesAreRefused()
    {
        await using var server = await KeyServer.StartAsync();
        server.Publish(TestTokens.Jwk(TestTokens.Rsa, "old"));
        await using var guarded = await StartAsync(server);
        Assert.Equal(200, await guarded.StatusAsync(Old));
        server.Documents.Clear();
        await _clock.AdvanceToTimerAsync(TimeSpan.FromHours(24));
        await guarded.Log.FirstAsync(2305);
        Assert.Equal(200, await guarded.StatusAsync(Old));
        Assert.Equal(401, await guarded.StatusAsync(New));

        // It is asked again before long, without anybody's request.
        server.Publish(TestTokens.Jwk(TestTokens.OtherRsa, "new"));
        var asked = server.Asked;
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));
        await _clock.TimerAsync(TimeSpan.FromHours(24));
        Assert.Equal(asked + 1, server.Asked);
        Assert.Equal(200, await guarded.StatusAsync(New));
    }

    [Fact]
    public async Task Issuer_NeverReached_Answers503UntilItIs()
    {
        await using var server = await KeyServer.StartAsync();
        await using var guarded = await StartAsync(server);
        Assert.Equal(503, await guarded.StatusAsync(Old));
        await guarded.Log.FirstAsync(2303);
        Assert.Empty(guarded.Seen);
        server.Publish(TestTokens.Jwk(TestTokens.Rsa, "old"));
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(5)); // and no further: the fetch has a deadline by the same clock
        await _clock.TimerAsync(TimeSpan.FromHours(24));
        Assert.Equal(200, await guarded.StatusAsync(Old));
    }

    [Fact]
    public async Task Reload_IssuerIsDown_KeysAndTheirAgeStay_UnlessOtherAlgorithmsAreAccepted()
    {
        await using var server = await KeyServer.StartAsync();
        server.Publish(TestTokens.Jwk(TestTokens.Rsa, "old"));
        await using var guarded = await StartAsync(server);
        Assert.Equal(200, await guarded.StatusAsync(Old));
        server.Documents.Clear();
        _clock.Advance(TimeSpan.FromHours(12));

        await guarded.ReloadAsync(Config(server) + "leeway_secs = 5\n[middleware.other]\ntype = \"passthru\"");
        Assert.Equal(200, await guarded.StatusAsync(Old));
        Assert.Equal(1, server.Asked);
        await _clock.TimerAsync(TimeSpan.FromHours(12)); // due as if nothing had happened
        _clock.Advance(TimeSpan.FromHours(12));
        await guarded.Log.FirstAsync(2305);
        await guarded.ReloadAsync(Config(server));
        Assert.Equal(200, await guarded.StatusAsync(Old));

        await guarded.ReloadAsync(Config(server) + "algorithms = [\"RS256\"]");
        Assert.Equal(503, await guarded.StatusAsync(Old));
    }

    [Fact]
    public async Task Discovery_AsksTheIssuerItself_AndEachIssuerHasItsOwnKeys()
    {
        await using var first = await IssuerAsync(TestTokens.Jwk(TestTokens.Rsa, "k"));
        await using var second = await IssuerAsync(TestTokens.Jwk(TestTokens.OtherRsa, "k"));
        var (one, two) = (Issuer(first), Issuer(second));
        await using var guarded = await Guarded.StartAsync($"""
            [middleware.auth]
            type = "jwt_auth"
            [middleware.auth.options]
            issuer = "{one}"
            trusted_issuers = ["{two}"]
            audience = "gateway"
            """, clock: _clock);
        Assert.Equal(200, await StatusAsync(one, TestTokens.Rsa));
        Assert.Equal(200, await StatusAsync(two, TestTokens.OtherRsa));
        Assert.Equal(401, await StatusAsync(one, TestTokens.OtherRsa));
        Assert.Equal(401, await StatusAsync(two, TestTokens.Rsa));
        Assert.Equal(401, await StatusAsync("https://else.example", TestTokens.Rsa));

        Task<int> StatusAsync(string issuer, System.Security.Cryptography.RSA key)
            => guarded.StatusAsync($"Authorization: Bearer {TestTokens.Rs256(TestTokens.Claims(_clock, ("iss", issuer)), key, "k")}");
    }

    [Theory]
    [InlineData("""{"issuer":"https://attacker.example","jwks_uri":"KEYS"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://keys.example/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://169.254.169.254/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    public async Task Discovery_OfADocumentThatLies_GivesNoKeys(string document)
    {
        await using var server = await IssuerAsync(TestTokens.Jwk(TestTokens.Rsa, "k"));
        var issuer = Issuer(server);
        server.Documents["/.well-known/openid-configuration"] = _ => Task.FromResult(
            document.Replace("ISSUER", issuer, StringComparison.Ordinal).Replace("KEYS", issuer + "/keys", StringComparison.Ordinal));
        await using var guarded = await Guarded.StartAsync($"[middleware.auth]\ntype = \"jwt_auth\"\noptions.issuer = \"{issuer}\"\n", clock: _clock);
        var token = TestTokens.Rs256(TestTokens.Claims(_clock, ("iss", issuer)), kid: "k");
        Assert.Equal(503, await guarded.StatusAsync($"Authorization: Bearer {token}"));
        await guarded.Log.FirstAsync(2305);
        Assert.Equal(1, server.Asked);
    }

    private static string Issuer(KeyServer server) => server.Url.ToString().TrimEnd('/');

    private static async Task<KeyServer> IssuerAsync(string jwk)
    {
        var server = await KeyServer.StartAsync();
        server.Publish(jwk);
        server.Documents["/.well-known/openid-configuration"] = _ => Task.FromResult($$"""{"issuer":"{{Issuer(server)}}","jwks_uri":"{{Issuer(server)}}/keys"}""");
        return server;
    }

    private Task<Guarded> StartAsync(KeyServer server) => Guarded.StartAsync(Config(server), clock: _clock);

    private static string Config(KeyServer server) => $"""
        [middleware.auth]
        type = "jwt_auth"
        [middleware.auth.options]
        jwks_uri = "{server.Url}keys"
        audience = "gateway"

        """;
}
