using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

public sealed class BalancingTests : IAsyncLifetime
{
    private readonly RawOrigin[] _origins = [Named("0"), Named("1"), Named("2")];

    [Theory]
    [InlineData("", "012012")]
    [InlineData("load_balancing = \"round_robin\"", "012012")]
    [InlineData("load_balancing = \"first\"", "000000")]
    [InlineData("load_balancing = \"least_requests\"", "012012")]
    public async Task Targets_ByStrategy_AnswerInItsOrder(string options, string order)
    {
        await using var gateway = await BackendConfig.StartAsync(BackendConfig.Sharing(_origins.Select(o => o.Url), options));
        Assert.Equal(order, await AskAsync(gateway, "/", "/", "/", "/", "/", "/"));
    }

    [Fact]
    public async Task Weight_OfTarget_GivesItThatManyTurns()
    {
        var config = BackendConfig.Sharing(_origins.Select(o => o.Url)).Replace("[targets.t0]", "[targets.t0]\nweight = 2");
        await using var gateway = await BackendConfig.StartAsync(config);
        Assert.Equal("01200120", await AskAsync(gateway, "/", "/", "/", "/", "/", "/", "/", "/"));
    }

    [Fact]
    public async Task Pipelines_SharingABackend_TakeTurnsTogether()
    {
        var config = BackendConfig.Sharing(_origins.Select(o => o.Url)) + """

            [pipelines.second]
            networks = ["main"]
            endpoints = ["second"]
            backends = ["b"]
            [endpoints.second]
            service = "http"
            options.path_prefix = "/second"
            """;
        await using var gateway = await BackendConfig.StartAsync(config);
        Assert.Equal("012012", await AskAsync(gateway, "/", "/second", "/", "/second", "/", "/second"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var origin in _origins) await origin.DisposeAsync();
    }

    private static RawOrigin Named(string name) => RawOrigin.Answering($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{name}");

    private static async Task<string> AskAsync(TestGateway gateway, params string[] paths)
    {
        var order = "";
        foreach (var path in paths) order += (await gateway.SendRawAsync("GET", path)).Body;
        return order;
    }
}
