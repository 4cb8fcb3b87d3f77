using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Query;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>Counts and modalities that a system does not say are found out by further queries, within bounds, or left out.</summary>
public sealed class RelatedCountsTests
{
    private static readonly DicomTag[] OfStudy = [DicomTag.ModalitiesInStudy, DicomTag.NumberOfStudyRelatedSeries, DicomTag.NumberOfStudyRelatedInstances];
    private static readonly DicomTag[] All = [.. OfStudy, DicomTag.NumberOfSeriesRelatedInstances];

    /// <summary>One query for the series of the study; one for the instances of each where the system does not count those either.</summary>
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 4)]
    public async Task Study_is_counted_by_queries_of_what_is_below(bool isSilentOfSeries, int queries)
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Says = Without(isSilentOfSeries ? All : OfStudy), MaxAssociations = 1 });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var study = Assert.Single(await gateway.JsonAsync("studies"))!;

        Assert.Equal("CT", (string)study["00080061"]!["Value"]![0]!);
        Assert.Equal((2, 4), (Number(study, "00201206"), Number(study, "00201208")));
        Assert.Equal(queries, pacs.Identifiers.Count);
        Assert.Equal(1, pacs.Open.Most);
    }

    [Fact]
    public async Task Series_are_counted_each()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Says = Without(All) });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var series = await gateway.JsonAsync("studies/1.2/series");

        Assert.Equal([2, 2], series.Select(s => Number(s!, "00201209")));
        Assert.Equal(["SERIES", "IMAGE", "IMAGE"], pacs.Identifiers.Select(i => i.GetString(DicomTag.QueryRetrieveLevel)));
    }

    [Theory]
    [InlineData("studies")]
    [InlineData("studies/1.2/series")]
    [InlineData("studies/1.2/series/1.2.1/instances")]
    public async Task Nothing_more_is_asked_of_a_system_that_says_it_or_where_nobody_wants_it(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        await gateway.JsonAsync(path);

        Assert.Single(pacs.Identifiers);
    }

    /// <summary>What would take more than the configuration allows is left out, as the system left it out.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(5, 2, 1)]
    [InlineData(6, 2, 2)]
    public async Task Queries_are_bounded(int most, int withSeries, int withInstances)
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Says = Without(All) });
        for (var i = 1; i <= 4; i++) pacs.Add("PAT2", "1.3", $"1.3.{1 + (i / 3)}", $"1.3.9.{i}");
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, $"max_count_queries = {most}");

        var studies = await gateway.JsonAsync("studies");

        Assert.Equal(2, studies.Count);
        Assert.Equal(withSeries, studies.Count(s => s!["00201206"]?["Value"] is not null));
        Assert.Equal(withInstances, studies.Count(s => s!["00201208"]?["Value"] is not null));
        Assert.All(studies, s => Assert.Contains(Number(s!, "00201206"), new int?[] { null, 2 }));
        Assert.All(studies, s => Assert.Contains(Number(s!, "00201208"), new int?[] { null, 4 }));
        Assert.InRange(pacs.Identifiers.Count, 1, 1 + most);
    }

    /// <summary>
    /// A series that does not say its modality leaves those of its study unknown; a system that does not search at a level leaves it uncounted.
    /// </summary>
    [Fact]
    public async Task What_the_system_will_not_say_is_not_invented()
    {
        DicomDataSet Says(QueryLevel level, DicomDataSet match)
        {
            if (level == QueryLevel.Image) throw new DimseException(DimseStatus.UnableToProcess, "not at this level");
            var said = Without(All)(level, match);
            return match.GetString(DicomTag.SeriesInstanceUID) == "1.2.2" ? said.ToBuilder().Remove(DicomTag.Modality).Build() : said;
        }

        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Says = Says });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var study = Assert.Single(await gateway.JsonAsync("studies"))!;

        Assert.Equal((2, null), (Number(study, "00201206"), Number(study, "00201208")));
        Assert.Null(study["00080061"]?["Value"]);
    }

    /// <summary>Orthanc is not asked for attributes of the study at the level of series, and so they are counted; its own DICOMweb says the same.</summary>
    [OrthancWebFact]
    public async Task Counts_are_those_of_Orthanc()
    {
        await using var pacs = await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "PACS", DicomWeb = true });
        var folder = Directory.CreateTempSubdirectory("harmony-orthanc-test-");
        for (var i = 1; i <= 5; i++) await pacs.ImportAsync(await TestObjects.WriteAsync(folder.FullName, $"1.2.3.3.{i}"));
        folder.Delete(recursive: true);
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);
        using var own = TestClient.Http1(new Uri(pacs.Url, "dicom-web/"));

        var theirs = JsonNode.Parse(await own.GetStringAsync("studies"))![0]!;
        var ours = Assert.Single(await gateway.JsonAsync("studies/1.2.3.1/series?includefield=00080061,00201206,00201208"))!;

        foreach (var tag in new[] { "00080061", "00201206", "00201208" })
        {
            Assert.NotNull(theirs[tag]?["Value"]);
            Assert.True(JsonNode.DeepEquals(theirs[tag]!["Value"], ours[tag]?["Value"]), $"{tag}: {theirs[tag]} and {ours[tag]}");
        }
    }

    private static Func<QueryLevel, DicomDataSet, DicomDataSet> Without(DicomTag[] tags) => (_, match) =>
    {
        var said = match.ToBuilder();
        foreach (var tag in tags) said.Remove(tag);
        return said.Build();
    };

    private static int? Number(JsonNode dataSet, string tag) => (int?)dataSet[tag]?["Value"]?[0];
}
