using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies.Rules;

public sealed class RateLimitRuleTests
{
    private const string Trusting = "trusted_proxies = ['127.0.0.1']";

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task Request_The101stOf100PerMinute_Is429_AndTheWindowSlides()
    {
        await using var gateway = await StartAsync("max_requests = 100, window_seconds = 60");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(200, await gateway.StatusAsync());
            if (i < 50) _clock.Advance(TimeSpan.FromMilliseconds(500)); // the first 50 within 25 s, the rest at once
        }

        var refused = await gateway.SendRawAsync("GET", "/");
        Assert.Equal((429, "Rate limit exceeded"), (refused.Status, refused.Body));
        Assert.Equal(["35"], refused["retry-after"]);
        Assert.Equal(["\"r\";q=100;w=60"], refused["ratelimit-policy"]);
        Assert.Equal(["\"r\";r=0;t=35"], refused["ratelimit"]);

        _clock.Advance(TimeSpan.FromMilliseconds(34_999));
        Assert.Equal(429, await gateway.StatusAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1)); // the first one is a minute old, the second is not
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
    }

    [Fact]
    public async Task Clients_EachHaveAWindow_OfTheAddressThatIsBelieved()
    {
        await using var gateway = await StartAsync("max_requests = 1", Trusting);
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-forwarded-for: 10.0.0.1"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "x-forwarded-for: 10.0.0.1"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-forwarded-for: 10.0.0.2"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-forwarded-for: 2001:db8::1"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "x-forwarded-for: 2001:db8::ffff:1")); // the same /64
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-forwarded-for: 2001:db8:0:1::1"));
    }

    [Fact]
    public async Task Clients_ThatClaimToBeOthers_AreOne()
    {
        await using var gateway = await StartAsync("max_requests = 1");
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-forwarded-for: 10.0.0.1"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "x-forwarded-for: 10.0.0.2"));
    }

    [Fact]
    public async Task Key_Header_CountsByField_AndByAddressWithoutIt()
    {
        await using var gateway = await StartAsync("max_requests = 1, key = 'header:X-Client'");
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-client: a"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "X-Client: a"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-client: b"));
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
    }

    [Fact]
    public async Task Key_Claim_CountsByIdentity()
    {
        var toml = PolicyConfig.With(Limited("max_requests = 1, key = 'jwt.sub'"))
            .Replace("middleware = [\"m\"]", "middleware = [\"who\", \"m\"]", StringComparison.Ordinal);
        await using var gateway = await TestGateway.StartAsync(toml, clock: _clock, extra: new WhoModule());
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-who: anna"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-who: ben"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "x-who: anna"));
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
    }

    [Fact]
    public async Task Key_PathAndAll_CountTogether()
    {
        await using var paths = await StartAsync("max_requests = 1, key = 'path'", Trusting);
        Assert.Equal(200, await paths.StatusAsync("/a?x=1", fields: "x-forwarded-for: 10.0.0.1"));
        Assert.Equal(429, await paths.StatusAsync("/a", fields: "x-forwarded-for: 10.0.0.2"));
        Assert.Equal(200, await paths.StatusAsync("/b"));
        await using var spelled = await StartAsync("max_requests = 1, key = 'path'");
        Assert.Equal(200, await spelled.StatusAsync("/login"));
        foreach (var path in new[] { "/login;1", "/login;2", "/login/", "/login;a=b;c/", "/%6Cogin", "/x/../login" })
            Assert.Equal(429, await spelled.StatusAsync(path));
        await using var all = await StartAsync("max_requests = 1, key = 'all'", Trusting);
        Assert.Equal(200, await all.StatusAsync("/a", fields: "x-forwarded-for: 10.0.0.1"));
        Assert.Equal(429, await all.StatusAsync("/b", fields: "x-forwarded-for: 10.0.0.2"));
    }

    [Fact]
    public async Task Reload_TheRuleUnchanged_ItsWindowsGoOn()
    {
        await using var gateway = await StartAsync("max_requests = 2");
        Assert.Equal(200, await gateway.StatusAsync());
        await gateway.ReloadAsync(PolicyConfig.With("# moved\n" + Limited("max_requests = 2")));
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => gateway.ReloadAsync(PolicyConfig.With(Limited("max_requests = 0"))));
        Assert.Equal(429, await gateway.StatusAsync());
        await gateway.ReloadAsync(PolicyConfig.With(Limited("max_requests = 3"))); // another limit begins anew
        Assert.Equal(200, await gateway.StatusAsync());
    }

    [Fact]
    public async Task Limits_TwoExceeded_TheLongerWaitIsTold()
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(
            ("short", "type = 'rate_limit'\noptions = { max_requests = 1, window_seconds = 10 }"),
            ("long", "type = 'rate_limit'\noptions = { max_requests = 1, window_seconds = 100 }"),
            ("rest", "type = 'allow_all'")), _clock);
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(["\"long\";r=0;t=100"], (await gateway.SendRawAsync("GET", "/"))["ratelimit"]);
    }

    [Fact]
    public async Task Limit_BesideAHeavierDenial_Is403()
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(
            ("limit", "type = 'rate_limit'\noptions = { max_requests = 1 }"), ("no", "type = 'deny_all'\nweight = 200")), _clock);
        Assert.Equal(403, await gateway.StatusAsync());
        Assert.Equal(403, await gateway.StatusAsync());
    }

    [Theory]
    [InlineData("type = 'method'\nweight = 1\noptions = { mode = 'deny', methods = ['PUT'] }", "type = 'allow_all'")]
    [InlineData(
        "type = 'header'\noptions = { mode = 'deny', headers = [{ name = 'x', match_type = 'exists' }] }", "type = 'method'\noptions = { methods = ['GET'] }")]
    public async Task Requests_ThatOtherRulesRefuse_DoNotCount(string denying, string allowing)
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(
            ("limit", "type = 'rate_limit'\nweight = 900\noptions = { max_requests = 2 }"), ("no", denying), ("yes", allowing)), _clock);
        for (var i = 0; i < 5; i++) Assert.Equal(403, await gateway.StatusAsync(method: "PUT"));
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(429, await gateway.StatusAsync());
        Assert.Equal(403, await gateway.StatusAsync(method: "PUT"));
    }

    [Fact]
    public async Task Requests_ThatAnotherLimitRefuses_DoNotCount()
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(
            ("everybody", "type = 'rate_limit'\noptions = { max_requests = 3, key = 'all' }"),
            ("each", "type = 'rate_limit'\noptions = { max_requests = 1, key = 'header:x-client' }"),
            ("rest", "type = 'allow_all'")), _clock);
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-client: a"));
        for (var i = 0; i < 5; i++) Assert.Equal(429, await gateway.StatusAsync(fields: "x-client: a"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-client: b"));
        Assert.Equal(200, await gateway.StatusAsync(fields: "x-client: c"));
        Assert.Equal(429, await gateway.StatusAsync(fields: "x-client: d"));
    }

    private static string Limited(string options) => PolicyConfig.Rule("rate_limit", options, denies: true);

    private Task<TestGateway> StartAsync(string options, string network = "") => PolicyConfig.StartAsync(Limited(options), _clock, network: network);

    /// <summary>An authentication that believes every word.</summary>
    private sealed class WhoModule : IModulePack
    {
        public void AddTo(ModuleRegistryBuilder modules)
            => modules.Add(new MiddlewareModule("who", "Believes.", ModuleFactory<MiddlewareContext,
                IMiddleware>.From<global::Harmony.Data.Middleware.Passthru.PassthruOptions>((_, _) => new Who())));
    }

    private sealed class Who : IRequestMiddleware
    {
        public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            if (request.Headers["x-who"] is { } who)
                request.Identify(new Identity("jwt", who) { Claims = new Dictionary<string, string> { ["jwt.sub"] = who } });
            return new(MiddlewareResult.Continue);
        }
    }
}
