using Harmony.Access.Tests.Middleware.Policies;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.PathFilter;

public sealed class PathFilterMiddlewareTests
{
    [Theory]
    // Patterns alone: a match passes, the rest does not.
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/ImagingStudy", 200)]
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/ImagingStudy/", 200)]
    [InlineData("'/ImagingStudy/'", "/ImagingStudy", 200)]
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/Patient/7", 200)]
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/Patient", 404)]
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/Patient/7/x", 404)]
    [InlineData("'/ImagingStudy', '/Patient/{id}'", "/imagingstudy", 404)]
    [InlineData("'/ImagingStudy'", "/", 404)]
    [InlineData("'/'", "/", 200)]
    [InlineData("'/'", "/x", 404)]
    [InlineData("'/files/{*rest}'", "/files/a/b/c", 200)]
    [InlineData("'/files/{*rest}'", "/files", 404)]
    [InlineData("'/{name}.json'", "/a.json", 200)]
    [InlineData("'/{name}.json'", "/a.xml", 404)]
    // The first that matches decides; nothing matches: refused.
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/admin/users", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/users", 200)]
    [InlineData("{ allow = '/api/public/*' }, { deny = '/api/*' }, { allow = '/{*rest}' }", "/api/public/x", 200)]
    [InlineData("{ allow = '/api/public/*' }, { deny = '/api/*' }, { allow = '/{*rest}' }", "/api/private/x", 404)]
    [InlineData("{ allow = '/api/public/*' }, { deny = '/api/*' }, { allow = '/{*rest}' }", "/health", 200)]
    [InlineData("{ deny = '/admin' }", "/users", 404)]
    [InlineData("'/health', { deny = '/{*rest}' }", "/health", 200)]
    [InlineData("'/health', { deny = '/{*rest}' }", "/x", 404)]
    // A catch-all may be empty.
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/", 200)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/admin/", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/admin", 200)]
    [InlineData("{ deny = '/admin/{*rest}' }, { allow = '/{*rest}' }", "/admin/;x", 404)]
    [InlineData("{ deny = '/{*rest}' }", "/", 404)]
    [InlineData("'/users/{id}', '/v{*rest}'", "/users/", 404)]
    [InlineData("'/users/{id}', '/v{*rest}'", "/v", 404)]
    [InlineData("'/users/{id}', '/v{*rest}'", "/v1/", 200)]
    // Parameters: with them and without.
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/admin;x/users", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/admin%3Bx/users", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/;x/admin/users", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/users;x/1;y", 200)]
    [InlineData("'/users/{id}'", "/users/7;v=1", 200)]
    [InlineData("'/users;v=1'", "/users;v=1", 404)]
    // Escapes are not another path.
    [InlineData("{ deny = '/Patient/$$everything' }, { allow = '/{*rest}' }", "/Patient/%24everything", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/%61dmin/users", 404)]
    [InlineData("{ deny = '/admin/*' }, { allow = '/{*rest}' }", "/x/../admin//users", 404)]
    public async Task Request_Path_PassesOrNot(string rules, string target, int status)
    {
        await using var gateway = await StartAsync(rules);
        var answer = await gateway.SendRawAsync("GET", target);
        Assert.Equal(status, answer.Status);
        if (status == 404) Assert.Contains("Nothing is served at this path.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BelowThePrefix_IsJudgedByWhatTheBackendGets()
    {
        await using var gateway = await PolicyConfig.StartAsync(Filter("'/', '/allowed'"), prefix: "/api");
        var allowed = await gateway.SendRawAsync("GET", "/api/allowed");
        Assert.Equal(200, allowed.Status);
        Assert.Contains("\"path\":\"allowed\"", allowed.Body, StringComparison.Ordinal);
        Assert.Equal(200, await gateway.StatusAsync("/api"));
        Assert.Equal(404, await gateway.StatusAsync("/api/other"));
        Assert.Equal(404, await gateway.StatusAsync("/api/api/allowed"));
    }

    /// <summary>The example of the public documentation, behind a prefix.</summary>
    [Theory]
    [InlineData("/pf", 200)]
    [InlineData("/pf/", 200)]
    [InlineData("/pf/users", 200)]
    [InlineData("/pf/admin/", 404)]
    [InlineData("/pf/admin/users", 404)]
    public async Task CatchAll_BelowThePrefix_MatchesEveryPath(string target, int status)
    {
        await using var gateway = await PolicyConfig.StartAsync(Filter("{ deny = '/admin/*' }, { allow = '/{*rest}' }"), prefix: "/pf");
        Assert.Equal(status, await gateway.StatusAsync(target));
    }

    [Fact]
    public async Task Refusal_AsksNoBackend_AndIsLoggedWithoutThePath()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(PolicyConfig.With(Filter("{ deny = '/secret/{id}' }, '/open'"))
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{origin.Url}\"", StringComparison.Ordinal));
        Assert.Equal(404, await gateway.StatusAsync("/secret/patient7"));
        Assert.Empty(origin.Heads);
        Assert.Equal(200, await gateway.StatusAsync("/open"));
        Assert.Equal("path filter 'm' refused: a rule denies /secret/{id}", (await gateway.Log.FirstAsync(2502)).Message);
        Assert.DoesNotContain(gateway.Log.Lines, l => l.Message.Contains("patient7", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "(3,17): error: 'rules' of middleware 'm' must be an array of at least one entry, each a pattern, or a table with allow or deny")]
    [InlineData("'/a'", "(3,17): error: 'rules' of middleware 'm' must be an array of at least one entry, each a pattern, or a table with allow or deny")]
    [InlineData("['a']", "(3,18): error: 'a' is not a pattern: a pattern starts with '/'")]
    [InlineData("['/a', 5]", "(3,24): error: an entry of 'rules' of middleware 'm' must be a pattern, or a table with allow or deny, not an integer")]
    [InlineData("[{ allow = '/a/{' }]", "(3,28): error: '/a/{' is not a pattern: ")]
    [InlineData("[{ allow = '/a', deny = '/b' }]", "(3,18): error: a rule of middleware 'm' has either 'allow' or 'deny'")]
    [InlineData("[{ alow = '/a' }]", "(3,20): error: unknown key 'alow' in a rule of middleware 'm' has no effect; did you mean 'allow'?")]
    public async Task Rules_Wrong_AreSaidAtTheirPlace(string rules, string expected)
        => Assert.Contains(await PolicyConfig.ProblemsAsync($"[middleware.m]\ntype = 'path_filter'\noptions.rules = {rules}"),
            p => p.StartsWith(expected, StringComparison.Ordinal));

    private static Task<TestGateway> StartAsync(string rules) => PolicyConfig.StartAsync(Filter(rules));

    private static string Filter(string rules) => $"[middleware.m]\ntype = 'path_filter'\noptions.rules = [{rules}]";
}
