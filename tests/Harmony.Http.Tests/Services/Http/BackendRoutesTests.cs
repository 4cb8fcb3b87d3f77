using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

public sealed class BackendRoutesTests : IAsyncLifetime
{
    private readonly RawOrigin _first = Named("first");
    private readonly RawOrigin _second = Named("second");
    private readonly RawOrigin _third = Named("third");

    [Theory]
    [InlineData("path = \"/v2/{*rest}\"", "GET", "/v2/a/b", "", "second")]
    [InlineData("path = \"/v2/{*rest}\"", "GET", "/v1", "", "first")]
    [InlineData("path = \"/studies/{uid}\"", "GET", "/studies/1.2.3", "", "second")]
    [InlineData("path = \"/studies/{uid}\"", "GET", "/studies/1.2.3/series", "", "first")]
    [InlineData("path = \"/\"", "GET", "/", "", "second")]
    [InlineData("methods = [\"POST\", \"put\"]", "POST", "/", "", "second")]
    [InlineData("methods = [\"POST\", \"put\"]", "PUT", "/", "", "second")]
    [InlineData("methods = [\"POST\"]", "GET", "/", "", "first")]
    [InlineData("headers = { X-Site = \"north\" }", "GET", "/", "x-site: north", "second")]
    [InlineData("headers = { X-Site = \"north\" }", "GET", "/", "x-site: North", "first")]
    [InlineData("headers = { X-Site = \"north\" }", "GET", "/", "", "first")]
    [InlineData("headers = { X-Site = \"*\" }", "GET", "/", "x-site: any", "second")]
    [InlineData("query = { v = \"2\" }", "GET", "/?v=1&v=2", "", "second")]
    [InlineData("query = { v = \"2\" }", "GET", "/?v=22", "", "first")]
    [InlineData("query = { v = \"*\" }", "GET", "/?v", "", "second")]
    [InlineData("query = { v = \"*\" }", "GET", "/?w", "", "first")]
    [InlineData("metadata = { protocol = \"http\" }", "GET", "/", "", "second")]
    [InlineData("metadata = { protocol = \"dimse\" }", "GET", "/", "", "first")]
    [InlineData("path = \"/a\", methods = [\"GET\"], query = { v = \"2\" }", "GET", "/a?v=2", "", "second")]
    [InlineData("path = \"/a\", methods = [\"GET\"], query = { v = \"2\" }", "GET", "/a?v=3", "", "first")]
    public async Task Route_AllConditionsHoldOrNot_ChoosesTheBackend(string conditions, string method, string target, string field, string expected)
    {
        await using var gateway = await StartAsync($"backend = \"second\", {conditions}", "backend = \"third\", path = \"/third\"");
        var answer = field.Length == 0 ? await gateway.SendRawAsync(method, target) : await gateway.SendRawAsync(method, target, field);
        Assert.Equal(expected, answer.Body);
    }

    [Fact]
    public async Task Routes_SeveralMatch_TheFirstWins()
    {
        await using var gateway = await StartAsync("backend = \"third\", methods = [\"GET\"]", "backend = \"second\", path = \"/{*all}\"");
        Assert.Equal("third", (await gateway.SendRawAsync("GET", "/")).Body);
        Assert.Equal("second", (await gateway.SendRawAsync("PUT", "/x")).Body);
    }

    [Fact]
    public async Task Routes_OfTheEndpointsPrefix_SeeThePathBelow()
    {
        var config = Config("backend = \"second\", path = \"/x\"", "backend = \"third\", path = \"/y\"")
            .Replace("path_prefix = \"/\"", "path_prefix = \"/api\"");
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal("second", (await gateway.SendRawAsync("GET", "/api/x")).Body);
        Assert.Equal("first", (await gateway.SendRawAsync("GET", "/api/api/x")).Body);
    }

    [Fact]
    public async Task Route_ToTheFirstListed_Works()
    {
        await using var gateway = await StartAsync("backend = \"first\", path = \"/a\"", "backend = \"backends.second\", path = \"/{*all}\"");
        Assert.Equal("first", (await gateway.SendRawAsync("GET", "/a")).Body);
        Assert.Equal("second", (await gateway.SendRawAsync("GET", "/b")).Body);
    }

    [Theory]
    [InlineData("backend = \"secnd\", path = \"/a\"", "error: 'secnd' is not a backend of pipeline 'p'; did you mean 'second'?")]
    [InlineData("backend = \"other\", path = \"/a\"", "error: 'other' is not a backend of pipeline 'p'")]
    [InlineData("path = \"/a\"", "needs the key 'backend'")]
    [InlineData("backend = \"second\", path = \"/a/{\"", "error: '/a/{' is not a pattern: ")]
    [InlineData("backend = \"second\", path = \"a\"", "error: 'a' is not a pattern: ")]
    [InlineData("backend = \"second\", methods = \"GET\"", "'methods' of ")]
    [InlineData("backend = \"second\"", "warning: this route has no condition, so backend 'second' gets every request that matches no earlier route")]
    [InlineData(
        "backend = \"second\", methods = []", "warning: this route has no condition, so backend 'second' gets every request that matches no earlier route")]
    public async Task Route_Nonsense_IsSaidAtItsPlace(string route, string expected)
    {
        var problems = await ProblemsAsync(route, "backend = \"third\", path = \"/third\"");
        var problem = Assert.Single(problems, p => p.Contains(expected, StringComparison.Ordinal));
        Assert.StartsWith("(14,", problem);
    }

    [Fact]
    public async Task Route_BehindOneWithoutCondition_IsSaidToBeUnreachable()
        => Assert.Equal(
            [
                "(14,1): warning: this route has no condition, so backend 'second' gets every request that matches no earlier route",
                "(15,1): warning: this route is never reached: the route at (14,1) has no condition",
                "(10,12): warning: backend 'first' of pipeline 'p' gets no requests: no route names it, and one without a condition takes the rest",
            ],
            (await ProblemsAsync("backend = \"second\"", "backend = \"third\", path = \"/third\""))
                .Select(p => p.Replace("(14,3)", "(14,1)").Replace("(15,3)", "(15,1)")));

    [Fact]
    public async Task Backend_NoRouteNamesIt_IsSaidToBeIdle()
        => Assert.Equal(
            ["(10,12): warning: backend 'third' of pipeline 'p' gets no requests: no route names it, and the first listed gets what no route takes"],
            await ProblemsAsync("backend = \"second\", path = \"/a\""));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _third.DisposeAsync();
    }

    private static RawOrigin Named(string name) => RawOrigin.Answering($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\n\r\n{name}");

    private Task<TestGateway> StartAsync(params string[] routes) => TestGateway.StartAsync(Config(routes));

    private Task<IReadOnlyList<string>> ProblemsAsync(params string[] routes) => BackendConfig.ProblemsOfAsync(Config(routes));

    /// <summary>Routes begin in line 14, one a line.</summary>
    private string Config(params string[] routes) => $$"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"

        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        backends = ["first", "second", "third"]


        routes = [
        {{string.Join('\n', routes.Select(r => $"{{ {r} }},"))}}
        ]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends]
        first = { service = "http", options.base_url = "{{_first.Url}}" }
        second = { service = "http", options.base_url = "{{_second.Url}}" }
        third = { service = "http", options.base_url = "{{_third.Url}}" }
        """;
}
