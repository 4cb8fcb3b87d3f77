using System.Net;
using System.Text.Json.Nodes;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>QIDO-RS in front of a system of the test's: what is asked of it, and what becomes of its matches.</summary>
public sealed class WebSearchTests
{
    [Fact]
    public async Task Studies_are_found()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var study = (JsonObject)Assert.Single(await gateway.JsonAsync("studies?PatientID=PAT1&includefield=00081030"))!;

        Assert.Equal("1.2", (string)study["0020000D"]!["Value"]![0]!);
        Assert.Equal("Müller^Jörg", (string)study["00100010"]!["Value"]![0]!["Alphabetic"]!);
        Assert.Equal("ISO_IR 192", (string)study["00080005"]!["Value"]![0]!);
        Assert.Equal($"{gateway.BaseUrl}/studies/1.2", (string)study["00081190"]!["Value"]![0]!);
        Assert.Equal(4, (int)study["00201208"]!["Value"]![0]!);
        Assert.Null(study["00081030"]!["Value"]); // an element without a value has no member of that name
        Assert.Null(study["00080052"]);
    }

    [Fact]
    public async Task Nothing_is_204()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies?PatientID=NOBODY");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("studies/1.2/series", 2)]
    [InlineData("studies/1.2/instances", 4)]
    [InlineData("studies/1.2/series/1.2.1/instances", 2)]
    [InlineData("series", 2)]
    [InlineData("series?PatientID=PAT1", 2)]
    [InlineData("series?SeriesInstanceUID=1.2.2", 1)]
    [InlineData("instances", 4)]
    [InlineData("instances?SOPInstanceUID=1.2.1.1", 1)]
    [InlineData("instances?PatientID=PAT1&Modality=CT", 4)]
    [InlineData("studies/1.2/series?Modality=MR", 0)]
    [InlineData("studies?StudyInstanceUID=1.2%5C1.3", 1)]
    [InlineData("studies?StudyInstanceUID=1.2,1.3&", 1)]
    [InlineData("instances?limit=3", 3)]
    [InlineData("instances?limit=3&offset=2", 2)]
    [InlineData("instances?limit=0", 0)]
    public async Task Searches_at_every_level(string path, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        if (expected == 0)
        {
            using var response = await gateway.GetAsync(path);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            return;
        }

        var found = await gateway.JsonAsync(path);
        Assert.Equal(expected, found.Count);
        Assert.All(found, f => Assert.StartsWith($"{gateway.BaseUrl}/studies/1.2", (string)f!["00081190"]!["Value"]![0]!, StringComparison.Ordinal));
    }

    /// <summary>A system with matches without end is cancelled when enough has come.</summary>
    [Fact]
    public async Task A_limit_cancels_the_query_and_warns()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FindsForEver = true });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies?limit=25&offset=5");

        Assert.Equal(25, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray().Count);
        Assert.Contains("Additional results", Assert.Single(response.Headers.GetValues("Warning")), StringComparison.Ordinal);
        await Guard.UntilAsync(() => pacs.Cancelled > 0);
    }

    [Fact]
    public async Task What_is_not_supported_is_a_warning_and_what_is_wrong_is_refused()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var fuzzy = await gateway.GetAsync("studies?fuzzymatching=true&orderby=x");
        using var wrong = await gateway.GetAsync("studies?PatinetID=PAT1");

        Assert.Equal(2, fuzzy.Headers.GetValues("Warning").Count());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("PatinetID", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
