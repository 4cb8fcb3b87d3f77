using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>Studies of a PACS as packages: built once, streamed while they are built, kept.</summary>
public sealed class StudyTests
{
    [Fact]
    public async Task Study_IsRetrievedBuiltAndValid()
    {
        await using var jmix = await JmixGateway.StartAsync();

        using var response = await jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=1.2");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        var path = jmix.Folder.PathOf("p.zip");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default);
        Assert.Empty(reader.Report.Findings);
        Assert.Equal(("1.2", 4), (reader.Report.StudyInstanceUid, reader.Report.DicomFiles));
        Assert.Contains("payload/dicom/1.2.1.1.dcm", reader.Files.Lengths.Keys);
    }

    [Fact]
    public async Task Study_SecondRequest_AsksNoPacsAndGivesTheSameBytes()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var first = await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2");
        var asked = jmix.Pacs.Identifiers.Count;

        Assert.Equal(first, await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2"));
        Assert.Equal(asked, jmix.Pacs.Identifiers.Count);
    }

    [Fact]
    public async Task Study_AskedForByMany_IsRetrievedOnce()
    {
        await using var jmix = await JmixGateway.StartAsync();

        var archives = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2")));

        Assert.All(archives, a => Assert.Equal(archives[0], a));
        Assert.Single(Directory.EnumerateFiles(jmix.Store, "*.zip", SearchOption.AllDirectories));
        Assert.Single(jmix.Pacs.Identifiers);
    }

    [Fact]
    public async Task Study_OfNobody_Is404AndLeavesNothing()
    {
        await using var jmix = await JmixGateway.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=9.9")).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(jmix.Store, "*.zip", SearchOption.AllDirectories));
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=9.9")).StatusCode);
    }

    [Fact]
    public async Task Prime_BuildsAndSaysTheIdentifier()
    {
        await using var jmix = await JmixGateway.StartAsync();

        var made = await jmix.Client.PostAsync("/x/api/jmix/prime/1.2", null);
        var again = await jmix.Client.GetAsync("/x/api/jmix/prime/1.2");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made.StatusCode, again.StatusCode));
        var id = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["id"]!.ToString();
        Assert.Equal(id, JsonNode.Parse(await again.Content.ReadAsStringAsync())!["id"]!.ToString());
        var manifest = JsonNode.Parse(await jmix.Client.GetStringAsync($"/x/api/jmix/{id}/manifest"))!;
        Assert.Equal(id, manifest["id"]!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.PostAsync("/x/api/jmix/prime/9.9", null)).StatusCode);
    }

    [Fact]
    public async Task Archive_IsGivenInRanges_AndNotAgainToOneThatHasIt()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var whole = await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2");
        var id = JsonNode.Parse(await jmix.Client.GetStringAsync("/x/api/jmix/prime/1.2"))!["id"]!.ToString();

        using var part = new HttpRequestMessage(HttpMethod.Get, $"/x/api/jmix/{id}") { Headers = { { "Range", "bytes=10-19" } } };
        using var partial = await jmix.Client.SendAsync(part);
        using var known = new HttpRequestMessage(HttpMethod.Get, $"/x/api/jmix/{id}") { Headers = { { "If-None-Match", $"\"{id}\"" } } };
        using var head = await jmix.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/x/api/jmix/{id}"));

        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(whole[10..20], await partial.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 10-19/{whole.Length}", partial.Content.Headers.ContentRange!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await jmix.Client.SendAsync(known)).StatusCode);
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
        Assert.Equal($"attachment; filename=\"{id}.zip\"", head.Content.Headers.ContentDisposition!.ToString());
    }

    [Fact]
    public async Task Archive_AsTarGz_HoldsTheSameFiles()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var id = JsonNode.Parse(await (await jmix.Client.PostAsync("/x/api/jmix/prime/1.2", null)).Content.ReadAsStringAsync())!["id"]!.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/x/api/jmix/{id}") { Headers = { { "Accept", "application/gzip" } } };

        var path = jmix.Folder.PathOf("p.tar.gz");
        await File.WriteAllBytesAsync(path, await (await jmix.Client.SendAsync(request)).Content.ReadAsByteArrayAsync());

        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions(), default);
        Assert.Empty(reader.Report.Findings);
        Assert.Equal(id, reader.Report.Id);
    }

    [Theory]
    [InlineData("GET", "/x/api/jmix", 400)]
    [InlineData("GET", "/x/api/jmix?studyInstanceUid=", 400)]
    [InlineData("GET", "/x/api/jmix?studyInstanceUid=1.2&studyInstanceUid=1.3", 400)]
    [InlineData("GET", "/x/api/jmix?studyInstanceUid=..%2F..", 400)]
    [InlineData("GET", "/x/api/jmix/..%2f..%2fetc", 400)]
    [InlineData("GET", "/x/api/jmix/not-a-uuid", 404)]
    [InlineData("GET", "/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec", 404)]
    [InlineData("GET", "/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec/manifest", 404)]
    [InlineData("GET", "/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec/other", 404)]
    [InlineData("DELETE", "/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec", 405)]
    [InlineData("PUT", "/x/api/jmix", 405)]
    [InlineData("OPTIONS", "/x/api/jmix", 204)]
    public async Task Request_ThatIsWrong_IsAnsweredSo(string method, string path, int status)
    {
        await using var jmix = await JmixGateway.StartAsync();
        Assert.Equal(status, (int)(await jmix.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).StatusCode);
    }

    [Fact]
    public async Task Client_ThatTakesNoArchive_Is406()
    {
        await using var jmix = await JmixGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x/api/jmix?studyInstanceUid=1.2") { Headers = { { "Accept", "text/html" } } };
        Assert.Equal(HttpStatusCode.NotAcceptable, (await jmix.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Restart_FindsThePackage_AlsoWithoutItsIndex()
    {
        using var folder = new TestFolder();
        var jmix = await JmixGateway.StartAsync(folder: folder);
        var first = await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2");
        var id = JsonNode.Parse(await jmix.Client.GetStringAsync("/x/api/jmix/prime/1.2"))!["id"]!.ToString();
        await jmix.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(jmix.Store, "index.db*")) File.Delete(file);
        await File.WriteAllTextAsync(Path.Combine(jmix.Store, "incoming", "left.part"), "half");

        await using var second = await JmixGateway.StartAsync(folder: folder, pacs: FakePacs.Start());

        Assert.Equal(first, await second.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2"));
        Assert.Equal(first, await second.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(jmix.Store, "incoming")));
    }

    [Fact]
    public async Task SkipFlags_OfTheEndpoint_CountOverThoseOfTheMiddleware()
    {
        await using var jmix = await JmixGateway.StartAsync("skip_hashing = true", "skip_hashing = false\nskip_listing = true");
        using var zip = new ZipArchive(new MemoryStream(await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2")));

        using var manifest = new StreamReader(await zip.GetEntry("manifest.json")!.OpenAsync());
        Assert.NotNull(JsonNode.Parse(await manifest.ReadToEndAsync())!["security"]!["payload_hash"]);
        using var listing = new StreamReader(await zip.GetEntry("payload/files.json")!.OpenAsync());
        Assert.DoesNotContain("dicom/", await listing.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
