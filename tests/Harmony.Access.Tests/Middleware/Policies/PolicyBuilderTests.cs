namespace Harmony.Access.Tests.Middleware.Policies;

/// <summary>What is said about policies that cannot work, and where.</summary>
public sealed class PolicyBuilderTests
{
    [Theory]
    [InlineData("options.policies = []", "(3,20): error: 'policies' of middleware 'm' must be an array of at least one policy: its name, or a table")]
    [InlineData("options.policies = ['gone']", "(3,21): error: policy 'gone' is not defined; it needs a table [policies.gone]")]
    [InlineData("options.policies = [7]", "(3,21): error: an entry of 'policies' of middleware 'm' must be the name of a policy or a table, not an integer")]
    [InlineData(
        "options.policies = [{ rules = [], enabled = false }]", "(3,20): error: no policy of middleware 'm' is enabled, so every request would be refused")]
    [InlineData("options.policies = [{ rules = 'r' }]", "(3,31): error: 'rules' of policy 'policy 1' must be an array, not a string")]
    [InlineData(
        "options.policies = [{ rules = [{ type = 'ratelimit' }] }]", "error: 'type' of rule 1 of policy 'policy 1' cannot be 'ratelimit'; it is one of ")]
    [InlineData("options.policies = [{ rules = [{ type = 'rate_limit' }] }]",
        "(3,20): warning: no rule of middleware 'm' can allow anything, so every request is refused")]
    [InlineData("options.policies = [{ rules = ['gone'] }]",
        "(3,32): warning: rule 'gone' of policy 'policy 1' is not defined; where the policy is used, requests get 503; it needs a table [rules.gone]")]
    public async Task Policies_Wrong_AreSaidAtTheirPlace(string options, string expected)
        => Assert.Contains(await PolicyConfig.ProblemsAsync($"[middleware.m]\ntype = 'policies'\n{options}"),
            p => p.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("allow_all", "x = 1", "(8,13): warning: unknown key 'x' in [rules.r.options] has no effect")]
    [InlineData("ip_allow", "", "error: [rules.r.options] needs the key 'ip_addresses'")]
    [InlineData("ip_deny", "ip_addresses = ['10.0.0.0/8', '10.0.0']", "(8,43): error: '10.0.0' is no address and no range; write 10.1.2.3, 10.0.0.0/8, ")]
    [InlineData("path", "paths = ['admin']", "(8,22): error: 'admin' is not a pattern: a pattern starts with '/'")]
    [InlineData("path", "paths = ['/a'], mode = 'refuse'", "cannot be 'refuse'; it is one of allow, deny")]
    [InlineData("method", "methods = []", "the number of entries of 'methods' of [rules.r.options] must be at least 1, not 0")]
    [InlineData("content_type", "content_types = ['json']", "error: 'json' is no media type; write application/json, application/* or */*")]
    [InlineData("content_type", "content_types = ['*/json']", "error: '*/json' is no media type")]
    [InlineData("user_agent", "patterns = [{ pattern = '/(/' }]", "error: '/(/' is no regular expression: ")]
    [InlineData("user_agent", "patterns = [{ pattern = '/a/x' }]", "unknown flag in 'x'; there are i, m and s")]
    [InlineData("header", "headers = [{ name = 'a', match_type = 'is', value = 'b' }]", "cannot be 'is'; it is one of exists, exact, contains, regex")]
    [InlineData("header", "headers = [{ name = 'a', match_type = 'exact' }]", "error: the condition on 'a' of [rules.r.options] needs a 'value'")]
    [InlineData("query_parameter", "parameters = [{ name = 'a', match_type = 'regex', value = '[' }]", "error: the value of 'a' is no regular expression: ")]
    [InlineData("geo", "country_codes = ['Germany']", "error: 'Germany' is no country; write its two letters, such as DE")]
    [InlineData("geo", "country_codes = ['DE'], database = 'gone.mmdb'", "error: cannot use 'gone.mmdb': no such file")]
    [InlineData("geo", "country_codes = ['DE'], database = 'config.toml'", "error: cannot use '': it is no MaxMind DB file")]
    [InlineData("time_based", "timezone = 'Europe/Atlantis'", "error: time zone 'Europe/Atlantis' is not known here; write one such as Europe/Berlin")]
    [InlineData("time_based", "start_time = '9 am'", "error: '9 am' is no time of day; write 09:30")]
    [InlineData("time_based", "end_date = '31.12.2026'", "error: '31.12.2026' is no date; write 2026-01-31")]
    [InlineData("time_based", "start_date = '2026-02-01', end_date = '2026-01-01'", "error: 'end_date' is before 'start_date', so the window never opens")]
    [InlineData("time_based", "days_of_week = ['mo']", "error: 'mo' is no day of the week; write mon or monday")]
    [InlineData("rate_limit", "key = 'cookie'", "error: 'cookie' is no key; write client, path, all, header:NAME, or the name of a claim such as jwt.sub")]
    [InlineData("rate_limit", "max_requests = 0", "'max_requests' of [rules.r.options] must be from 1 to 1000000000, not 0")]
    public async Task RuleOptions_Wrong_AreSaidAtTheirPlace(string type, string options, string expected)
    {
        var problems = await PolicyConfig.ProblemsAsync(PolicyConfig.Rule(type, options));
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rule_SwitchedOff_MayBeUnfinished()
        => Assert.Empty(await PolicyConfig.ProblemsAsync(PolicyConfig.Rules(("off", "type = 'path'\nenabled = false"), ("on", "type = 'allow_all'"))));

    /// <summary>What nobody uses harms nobody, until somebody does.</summary>
    [Fact]
    public async Task Rule_ThatNoPolicyNames_IsCheckedAllTheSame()
    {
        var used = PolicyConfig.Rules(("used", "type = 'allow_all'"));
        var problems = await PolicyConfig.ProblemsAsync($$"""
            [rules.alone]
            type = 'path'
            options = { paths = ['admin'] }
            [rules.fine]
            type = 'method'
            options = { methods = ['GET'] }
            [rules.off]
            type = 'path'
            enabled = false
            [rules.sleeping]
            type = 'header'
            options = { headers = [{ name = 'a', match_type = 'is', value = 'b' }] }
            [policies.asleep]
            rules = ['sleeping']
            {{used}}
            """);
        Assert.Equal(2, problems.Count);
        Assert.Contains("(3,22): warning: 'admin' is not a pattern: a pattern starts with '/' (no pipeline uses this)", problems);
        Assert.Contains(problems, p => p.StartsWith("(12,51): warning: 'match_type' of [rules.sleeping.", StringComparison.Ordinal)
            && p.EndsWith(" (no pipeline uses this)", StringComparison.Ordinal));
    }
}
