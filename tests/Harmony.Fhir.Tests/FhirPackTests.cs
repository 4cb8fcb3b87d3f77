using Harmony.Testing;

namespace Harmony.Fhir.Tests;

/// <summary>Names that are still to come load, and nothing runs without them.</summary>
public sealed class FhirPackTests
{
    [Theory]
    [InlineData("fhir")]
    public async Task PlannedBackend_IsKnownAndClosesItsPipeline(string service)
    {
        var config = new OnePipeline("b").ToToml() + $"\n[backends.b]\nservice = \"{service}\"\n";
        await using var gateway = await TestGateway.StartAsync(config);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }
}
