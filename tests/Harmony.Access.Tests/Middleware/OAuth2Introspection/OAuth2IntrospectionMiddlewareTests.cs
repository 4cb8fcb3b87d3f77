using Harmony.Access.Tests.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.OAuth2Introspection;

public class OAuth2IntrospectionMiddlewareTests
{
    private readonly TestTimeProvider _clock = new();

    [Theory]
    [InlineData("""{"active":true,"sub":"ann","scope":"read write"}""", 200)]
    [InlineData("""{"active":true,"username":"ann"}""", 200)]
    [InlineData("""{"active":false}""", 401)]
    [InlineData("""{"active":true,"sub":"ann","exp":1}""", 401)]
    [InlineData("""{"active":true,"sub":7}""", 401)]
    [InlineData("""{"active":"true"}""", 503)]
    [InlineData("""{"active":false,"active":true}""", 503)]
    [InlineData("[]", 503)]
    [InlineData("<html>", 503)]
    public async Task Answer_DecidesWhoPasses(string answer, int status)
    {
        await using var server = await ServerAsync(answer);
        await using var guarded = await StartAsync(server);
        var received = await guarded.GetAsync("Authorization: Bearer opaque-token-1");
        Assert.Equal(status, received.Status);
        Assert.Equal(status == 200 ? 1 : 0, guarded.Seen.Count);
        if (status == 200) Assert.Equal("ann", guarded.Last.Identity!.Subject);
        if (status == 401) Assert.Equal("Bearer realm=\"harmony\", error=\"invalid_token\"", received["www-authenticate"].Single());
        guarded.AssertNotLogged("opaque-token");
        guarded.AssertNotLogged("of-the-client");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/problem+json", 200)]
    [InlineData("text/html", 503)]
    [InlineData("text/plain; charset=utf-8", 503)]
    public async Task Answer_OfAnotherType_IsNoWordOfTheServer(string type, int status)
    {
        await using var server = await KeyServer.StartAsync();
        server.Documents["/introspect"] = context =>
        {
            context.Response.ContentType = type;
            return Task.FromResult("""{"active":true,"sub":"ann"}""");
        };
        await using var guarded = await StartAsync(server);
        Assert.Equal(status, await guarded.StatusAsync("Authorization: Bearer opaque-token-1"));
    }

    [Fact]
    public async Task Request_AuthenticatesItselfAndSendsTheToken()
    {
        string? authorization = null, form = null;
        await using var server = await KeyServer.StartAsync();
        server.Documents["/introspect"] = async context =>
        {
            authorization = context.Request.Headers.Authorization;
            form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            return """{"active":true}""";
        };
        await using (var guarded = await StartAsync(server)) Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer a+b/c=="));
        Assert.Equal("Basic " + Convert.ToBase64String("gate+way:secret-of-the-client%3A"u8), authorization);
        Assert.Equal("token=a%2Bb%2Fc%3D%3D&token_type_hint=access_token", form);

        await using (var guarded = await StartAsync(server, "client_auth = \"post\"")) Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer t"));
        Assert.Null(authorization);
        Assert.Equal("token=t&token_type_hint=access_token&client_id=gate+way&client_secret=secret-of-the-client%3A", form);
    }

    [Fact]
    public async Task Answer_IsRememberedUntilTheTokenExpires()
    {
        var exp = _clock.GetUtcNow().ToUnixTimeSeconds() + 30;
        await using var server = await ServerAsync($$"""{"active":true,"sub":"ann","exp":{{exp}}}""");
        await using var guarded = await StartAsync(server, "cache_secs = 60\nleeway_secs = 0");
        for (var i = 0; i < 5; i++) Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer t"));
        Assert.Equal(1, server.Asked);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer t"));
        Assert.Equal(1, server.Asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer t"));
        Assert.Equal(2, server.Asked);
    }

    [Fact]
    public async Task Endpoint_GoneThenBack_NobodyPassesUnknownInBetween()
    {
        await using var server = await ServerAsync("""{"active":true,"sub":"ann"}""");
        await using var guarded = await StartAsync(server, "cache_secs = 60");
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer known"));
        server.Documents.Clear();
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer known"));
        Assert.Equal(503, await guarded.StatusAsync("Authorization: Bearer new"));
        await guarded.Log.FirstAsync(2303);
        server.Documents["/introspect"] = _ => Task.FromResult("""{"active":false}""");
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer new"));
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer new"));
        Assert.Equal(3, server.Asked);
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer a b"));
        Assert.Equal(3, server.Asked);
    }

    [Fact]
    public async Task Reload_EndpointIsGone_AnswersStay_UnlessTheyAreJudgedOtherwise()
    {
        await using var server = await ServerAsync("""{"active":true,"sub":"ann"}""");
        await using var guarded = await StartAsync(server);
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer known"));
        server.Documents.Clear();
        await guarded.ReloadAsync(Config(server, "realm = \"clinic\""));
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer known"));
        await guarded.ReloadAsync(Config(server, "audience = \"gateway\""));
        Assert.Equal(503, await guarded.StatusAsync("Authorization: Bearer known"));
    }

    [Theory]
    [InlineData("", "config.toml(1,1): error: middleware 'auth' needs 'introspection_endpoint', 'client_id' and 'client_secret'")]
    [InlineData("introspection_endpoint = \"http://as.example/i\"\nclient_id = \"g\"\nclient_secret = \"s\"", "must be asked by https")]
    [InlineData("introspection_endpoint = \"http://169.254.169.254/i\"\nclient_id = \"g\"\nclient_secret = \"s\"", "metadata")]
    [InlineData("introspection_endpoint = \"file:///etc/passwd\"\nclient_id = \"g\"\nclient_secret = \"s\"", "must be a URL of http or https")]
    public async Task Options_Incomplete_AreErrorsAtStart(string options, string said)
    {
        var problems = await Guarded.ErrorsOfAsync("[middleware.auth]\ntype = \"oauth2_introspection\"\n[middleware.auth.options]\n" + options);
        Assert.Contains(said, problems, StringComparison.Ordinal);
    }

    private static async Task<KeyServer> ServerAsync(string answer)
    {
        var server = await KeyServer.StartAsync();
        server.Documents["/introspect"] = _ => Task.FromResult(answer);
        return server;
    }

    private Task<Guarded> StartAsync(KeyServer server, string options = "") => Guarded.StartAsync(Config(server, options), clock: _clock);

    private static string Config(KeyServer server, string options) => $"""
        [authentications.server]
        method = "oauth2_introspection"
        [authentications.server.options]
        introspection_endpoint = "{server.Url}introspect"
        client_id = "gate way"
        client_secret = "secret-of-the-client:"
        [middleware.auth]
        type = "oauth2_introspection"
        authentication = "server"
        [middleware.auth.options]
        {options}
        """;
}
