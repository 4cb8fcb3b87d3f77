using Harmony.Testing;

namespace Harmony.Imaging.Tests;

/// <summary>Names that are still to come load, and nothing runs without them.</summary>
public sealed class ImagingPackTests
{
    [Theory]
    [InlineData("dicom_flatten")]
    [InlineData("dicom_to_dicomweb")]
    [InlineData("dicom_unflatten")]
    [InlineData("dicomweb_bridge")]
    public async Task PlannedMiddleware_IsKnownAndClosesItsPipeline(string type)
    {
        var config = new OnePipeline("b") { Middleware = "\"m\"" }.ToToml() + $"\n[middleware.m]\ntype = \"{type}\"\n[backends.b]\nservice = \"echo\"\n";
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }
}
