using Harmony.Testing;

namespace Harmony.Mesh.Tests;

/// <summary>Names that are still to come load, and nothing runs without them.</summary>
public sealed class MeshPackTests
{
    [Fact]
    public async Task MeshAuth_IsKnownAndClosesItsPipeline()
    {
        var config = new OnePipeline("b") { Middleware = "\"m\"" }.ToToml() + "\n[middleware.m]\ntype = \"mesh_auth\"\n[backends.b]\nservice = \"echo\"\n";
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }
}
