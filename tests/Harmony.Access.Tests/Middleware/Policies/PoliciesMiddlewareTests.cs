using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies;

/// <summary>How rules are put together.</summary>
public sealed class PoliciesMiddlewareTests
{
    private const string Allow = "type = 'allow_all'";
    private const string Deny = "type = 'deny_all'";
    private const string Get = "type = 'method'\noptions = { methods = ['GET'] }";
    private const string Json = "type = 'content_type'\noptions = { content_types = ['application/json'] }";

    [Fact]
    public async Task Denial_Is403WithFixedWords_AndAsksNobody()
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(("no", Deny)));
        var answer = await gateway.SendRawAsync("GET", "/secret");
        Assert.Equal((403, "Access denied by policy"), (answer.Status, answer.Body));
        Assert.Equal("", (await gateway.SendRawAsync("HEAD", "/")).Body);
    }

    [Fact]
    public async Task Rules_OneAllowsOneDenies_403()
        => Assert.Equal(403, await StatusAsync(PolicyConfig.Rules(("yes", Allow), ("no", Deny))));

    [Fact]
    public async Task Rules_TwoAllow_200() => Assert.Equal(200, await StatusAsync(PolicyConfig.Rules(("a", Allow), ("b", Get))));

    [Fact]
    public async Task Rules_ADenyingOneSwitchedOff_200()
        => Assert.Equal(200, await StatusAsync(PolicyConfig.Rules(("a", Allow), ("b", Deny + "\nenabled = false"))));

    [Fact]
    public async Task Policies_OneAllowsAnotherDenies_403()
        => Assert.Equal(403, await StatusAsync("""
            [middleware.m]
            type = "policies"
            options.policies = ["a", "b"]
            [policies.a]
            rules = ["yes"]
            [policies.b]
            rules = ["no"]
            [rules.yes]
            type = "allow_all"
            [rules.no]
            type = "deny_all"
            """));

    [Theory]
    [InlineData("any", "GET", "application/json", 200)]
    [InlineData("any", "GET", "text/plain", 200)]
    [InlineData("any", "POST", "application/json", 200)]
    [InlineData("any", "POST", "text/plain", 403)]
    [InlineData("all", "GET", "application/json", 200)]
    [InlineData("all", "GET", "text/plain", 403)]
    [InlineData("all", "POST", "application/json", 403)]
    public async Task Match_OfAPolicy_IsOrUnlessAndIsMeant(string match, string method, string contentType, int status)
    {
        var toml = PolicyConfig.Rules(("get", Get), ("json", Json), ("limit", "type = 'rate_limit'"))
            .Replace("[policies.p]", $"[policies.p]\nmatch = '{match}'", StringComparison.Ordinal);
        await using var gateway = await PolicyConfig.StartAsync(toml);
        Assert.Equal(status, await gateway.StatusAsync("/", method, $"content-type: {contentType}"));
    }

    [Fact]
    public async Task Inline_PoliciesOfTheOptions_AsOlderFilesHaveThem()
    {
        const string Inline = """
            [middleware.m]
            type = "policies"
            [[middleware.m.options.policies]]
            id = "api"
            name = "API"
            enabled = true
            [[middleware.m.options.policies.rules]]
            type = "method"
            weight = 100
            enabled = true
            [middleware.m.options.policies.rules.options]
            mode = "allow"
            methods = ["GET", "POST"]
            [[middleware.m.options.policies.rules]]
            rule_type = "user_agent"
            weight = 90
            [middleware.m.options.policies.rules.options]
            mode = "deny"
            patterns = [{ label = "Bots", pattern = "/bot/i" }]
            """;
        await using var gateway = await PolicyConfig.StartAsync(Inline);
        Assert.Equal(200, await gateway.StatusAsync());
        Assert.Equal(403, await gateway.StatusAsync("/", "GET", "user-agent: a bot"));
        Assert.Equal(403, await gateway.StatusAsync("/", "PUT"));
        Assert.Contains("policy 'api', rule 'user_agent 2' (90): denies user agents like Bots", gateway.Snapshot.Pipelines[0].Left[0].Words);
    }

    [Fact]
    public async Task References_ById_AreFound()
        => Assert.Equal(200, await StatusAsync("""
            [middleware.m]
            type = "policies"
            options.policies = ["policy-7"]
            [policies.p]
            id = "policy-7"
            rules = ["rule-7"]
            [rules.r]
            id = "rule-7"
            type = "allow_all"
            """));

    [Fact]
    public async Task Rules_AreEvaluatedByWeight_AsTheLogShows()
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rules(
            ("light", Allow + "\nweight = 10"), ("heavy", Get + "\nweight = 200"), ("middle", Json), ("same", Deny)));
        Assert.Equal(403, await gateway.StatusAsync("/patients/7"));
        Assert.Equal(
            "policies 'm': refused by 'same'; rules in order: 'heavy' (200) allows, 'middle' (100) no opinion, 'same' (100) denies, 'light' (10) allows",
            (await gateway.Log.FirstAsync(2501)).Message);
    }

    [Fact]
    public async Task Rule_NotDefined_ClosesTheMiddleware()
    {
        var toml = PolicyConfig.Rules(("yes", Allow)).Replace("\"yes\"]", "\"yes\", \"deny_admin_paths\"]", StringComparison.Ordinal);
        await using var gateway = await PolicyConfig.StartAsync(toml);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(503, answer.Status);
        Assert.DoesNotContain("Access denied", answer.Body, StringComparison.Ordinal);
        Assert.Equal("policies 'm' is closed: rule 'deny_admin_paths' of policy 'p' is not defined", (await gateway.Log.FirstAsync(2503)).Message);
        Assert.Equal(["(5,17): warning: rule 'deny_admin_paths' of policy 'p' is not defined; where the policy is used, requests get 503; it needs a "
            + "table [rules.deny_admin_paths]"], await PolicyConfig.ProblemsAsync(toml));
    }

    private static async Task<int> StatusAsync(string toml)
    {
        await using var gateway = await PolicyConfig.StartAsync(toml);
        return await gateway.StatusAsync();
    }
}
