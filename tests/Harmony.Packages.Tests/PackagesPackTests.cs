using Harmony.Testing;

namespace Harmony.Packages.Tests;

/// <summary>Names that are still to come load, and nothing runs without them.</summary>
public sealed class PackagesPackTests
{
    [Theory]
    [InlineData("jmix_backend")]
    public async Task PlannedBackend_IsKnownAndClosesItsPipeline(string service)
    {
        var config = new OnePipeline("b").ToToml() + $"\n[backends.b]\nservice = \"{service}\"\n";
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    [Theory]
    [InlineData("jmix_builder")]
    public async Task PlannedMiddleware_IsKnownAndClosesItsPipeline(string type)
    {
        var config = new OnePipeline("b") { Middleware = "\"m\"" }.ToToml() + $"\n[middleware.m]\ntype = \"{type}\"\n[backends.b]\nservice = \"echo\"\n";
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }
}
