using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>Packages of others: stored and found, or refused with the reason.</summary>
public sealed class UploadTests
{
    [Theory]
    [InlineData("application/zip", false)]
    [InlineData("application/gzip", true)]
    public async Task Package_IsStoredAndFound(string type, bool isTar)
    {
        await using var jmix = await JmixGateway.StartAsync();
        var (bytes, id) = await PackageAsync(isTar);

        using var stored = await UploadAsync(jmix, bytes, type);

        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Equal($"/x/api/jmix/{id}", stored.Headers.Location!.ToString());
        var fetched = await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}");
        if (!isTar) Assert.Equal(bytes, fetched);
        Assert.Equal(fetched, await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3"));
        Assert.Equal(id.ToString(), JsonNode.Parse(await jmix.Client.GetStringAsync($"/x/api/jmix/{id}/manifest"))!["id"]!.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(jmix.Store, "incoming")));
    }

    [Fact]
    public async Task Package_SentTwice_Is200_AndOneWithItsIdentifier409()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var id = Guid.NewGuid();
        var (bytes, _) = await PackageAsync(false, id);
        var (other, _) = await PackageAsync(false, id, "another object");
        await UploadAsync(jmix, bytes, "application/zip");

        Assert.Equal(HttpStatusCode.OK, (await UploadAsync(jmix, bytes, "application/zip")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await UploadAsync(jmix, other, "application/zip")).StatusCode);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
    }

    [Fact]
    public async Task Package_ThatWasTamperedWith_Is400WithTheFinding()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var (bytes, id) = await PackageAsync(false);
        using var stream = new MemoryStream();
        await stream.WriteAsync(bytes);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("payload/dicom/1.2.3.1.dcm")!.Delete();
            await using var content = await zip.CreateEntry("payload/dicom/1.2.3.1.dcm").OpenAsync();
            await content.WriteAsync("other"u8.ToArray());
        }

        using var response = await UploadAsync(jmix, stream.ToArray(), "application/zip");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var findings = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["findings"]!.AsArray();
        Assert.Contains(findings, f => f!["code"]!.ToString() == "payload-hash-mismatch");
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync($"/x/api/jmix/{id}")).StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "x", 415)]
    [InlineData("application/zip", "no archive", 400)]
    [InlineData("application/zip", "", 400)]
    public async Task Upload_OfSomethingElse_IsRefused(string type, string body, int status)
    {
        await using var jmix = await JmixGateway.StartAsync();
        Assert.Equal(status, (int)(await UploadAsync(jmix, System.Text.Encoding.UTF8.GetBytes(body), type)).StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(jmix.Store, "incoming")));
    }

    [Fact]
    public async Task ZipSlip_IsRefused_AndNothingIsWrittenOutside()
    {
        await using var jmix = await JmixGateway.StartAsync();
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var content = await zip.CreateEntry("../../../evil.txt").OpenAsync();
            await content.WriteAsync("x"u8.ToArray());
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(jmix, stream.ToArray(), "application/zip")).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(jmix.Folder.Path, "evil.txt", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Package_OverTheLimitOfTheEndpoint_Is413()
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: "max_body_size = 500");
        var (bytes, _) = await PackageAsync(false);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await UploadAsync(jmix, bytes, "application/zip")).StatusCode);
    }

    /// <summary>Two endpoints before one <c>jmix_builder</c>: each has its own packages.</summary>
    [Fact]
    public async Task StoreDir_OfTheEndpoint_CountsOverThatOfTheMiddleware()
    {
        using var other = new TestFolder();
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: $"store_dir = \"{other.Path}\"", further: """
            [pipelines.second]
            networks = ["main"]
            endpoints = ["second"]
            middleware = ["builder"]
            backends = ["pacs"]
            [endpoints.second]
            service = "jmix"
            options.path_prefix = "/second"
            """);
        var (bytes, id) = await PackageAsync(false);

        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(jmix, bytes, "application/zip")).StatusCode);

        Assert.Equal([$"{id}.zip"], Directory.EnumerateFiles(other.PathOf("packages"), "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3"));
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync($"/second/api/jmix/{id}")).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(jmix.Store, "*.zip", SearchOption.AllDirectories));
    }

    [SmallDiskFact]
    public async Task Package_ThatTheDiskHasNoRoomFor_Is507AndLeavesNothing()
    {
        using var disk = SmallDisk.Mount();
        await using var jmix = await JmixGateway.StartAsync($"store_dir = \"{disk.Folder}\"");
        // The index is made first: a full disk has no room for an index either, which is another fault.
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(jmix, (await PackageAsync(false)).Bytes, "application/zip")).StatusCode);
        Assert.Equal(HttpStatusCode.InsufficientStorage, (await UploadAsync(jmix, new byte[2_000_000], "application/zip")).StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disk.Folder, "incoming")));
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(jmix, (await PackageAsync(false)).Bytes, "application/zip")).StatusCode);
    }

    [Fact]
    public async Task Delete_WhereAllowed_TakesThePackageAway()
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: "allow_delete = true");
        var (bytes, id) = await PackageAsync(false);
        await UploadAsync(jmix, bytes, "application/zip");

        Assert.Equal(HttpStatusCode.NoContent, (await jmix.Client.DeleteAsync($"/x/api/jmix/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.DeleteAsync($"/x/api/jmix/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=1.2.3")).StatusCode);
    }

    internal static Task<HttpResponseMessage> UploadAsync(JmixGateway jmix, byte[] bytes, string type)
        => jmix.Client.PostAsync("/x/api/jmix", new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } });

    internal static async Task<(byte[] Bytes, Guid Id)> PackageAsync(bool isTar, Guid? id = null, string text = "object")
    {
        using var stream = new MemoryStream();
        var options = new JmixBuildOptions(new JmixEntity("org:a"), [new JmixEntity("org:b")]) { Id = id ?? Guid.NewGuid() };
        await using (PackageSink sink = isTar ? new TarSink(stream, CompressionLevel.Fastest) : new ZipSink(stream, CompressionLevel.Fastest))
        await using (var builder = new JmixPackageBuilder(sink, options))
        {
            var content = System.Text.Encoding.UTF8.GetBytes(text);
            var attributes = new DicomAttributes("1.2.3.1", "1.2.3", "1.2.3.9") { PatientId = "P" };
            await builder.AddDicomAsync(attributes, new MemoryStream(content), content.Length, default);
            await builder.CompleteAsync(default);
        }

        return (stream.ToArray(), options.Id);
    }
}
