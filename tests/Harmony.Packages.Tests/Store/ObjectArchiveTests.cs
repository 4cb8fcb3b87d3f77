using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Harmony.Packages.Tests.JmixBuilder;
using Harmony.Testing;

namespace Harmony.Packages.Tests.Store;

/// <summary>Packages in the object store of <c>[storage]</c>: the same API, whichever gateway answers, and nothing lost while the server is away.</summary>
public sealed class ObjectArchiveTests : IAsyncLifetime
{
    private readonly StrictS3 _server = StrictS3.Start();

    private string Options => $"""
        bucket = "{StrictS3.Bucket}"
        prefix = "mine"
        endpoint = "{_server.Url}"
        access_key_id = "key"
        secret_access_key = "secret"
        """;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Assert.Equal(0, _server.OpenUploads);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Study_IsBuiltOnceAndServedFromTheBucket()
    {
        await using var jmix = await StartAsync();
        var built = await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2");
        var key = Assert.Single(_server.Keys);
        Assert.Matches("^mine/jmix-store/packages/../[0-9a-f-]{36}\\.zip$", key);
        Assert.Equal(built, _server.BytesOf(key));
        Assert.Empty(Directory.EnumerateFiles(jmix.Store, "*.zip", SearchOption.AllDirectories));

        Assert.Equal(built, await jmix.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2"));
        Assert.Equal(1, jmix.Pacs.Gets);
        var path = $"/x/api/jmix/{Path.GetFileNameWithoutExtension(key)}";
        Assert.Equal(Path.GetFileNameWithoutExtension(key), JsonNode.Parse(await jmix.Client.GetStringAsync($"{path}/manifest"))!["id"]!.ToString());
        using var part = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(100, 299) } };
        using var range = await jmix.Client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal(built[100..300], await range.Content.ReadAsByteArrayAsync());
        using var tar = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/gzip") } } };
        using var gzip = await jmix.Client.SendAsync(tar);
        await using var unpacked = new GZipStream(await gzip.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.NotNull(await new System.Formats.Tar.TarReader(unpacked).GetNextEntryAsync());
    }

    /// <summary>Its index knows nothing, and neither does its PACS.</summary>
    [Fact]
    public async Task AnotherGateway_FindsWhatIsInTheBucket()
    {
        var (bytes, id) = await UploadTests.PackageAsync(false);
        await using (var first = await StartAsync()) Assert.Equal(HttpStatusCode.Created,
            (await UploadTests.UploadAsync(first, bytes, "application/zip")).StatusCode);

        await using var second = await StartAsync("allow_delete = true");
        Assert.Equal(bytes, await second.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3"));
        Assert.Equal(HttpStatusCode.OK, (await UploadTests.UploadAsync(second, bytes, "application/zip")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await UploadTests.UploadAsync(second, (await UploadTests.PackageAsync(false, id, "other")).Bytes,
            "application/zip")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await second.Client.DeleteAsync($"/x/api/jmix/{id}")).StatusCode);
        Assert.Empty(_server.Keys);
    }

    [Fact]
    public async Task Outage_Is503AndLosesNothing()
    {
        await using var jmix = await StartAsync();
        var (stored, id) = await UploadTests.PackageAsync(false);
        Assert.Equal(HttpStatusCode.Created, (await UploadTests.UploadAsync(jmix, stored, "application/zip")).StatusCode);
        var (bytes, other) = await UploadTests.PackageAsync(false, text: "other");

        _server.Trouble = _ => S3Trouble.Dropped;
        var during = await Task.WhenAll(UploadTests.UploadAsync(jmix, bytes, "application/zip"), jmix.Client.GetAsync($"/x/api/jmix/{id}"),
            jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=1.2.3"));
        Assert.All(during, r => Assert.Equal(HttpStatusCode.ServiceUnavailable, r.StatusCode));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(jmix.Store, "incoming")));

        _server.Trouble = _ => null;
        Assert.Equal(HttpStatusCode.Created, (await UploadTests.UploadAsync(jmix, bytes, "application/zip")).StatusCode);
        Assert.Equal(stored, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{other}"));
    }

    [Fact]
    public async Task Outage_AtTheEndOfAResumableUpload_LeavesItToBeContinued()
    {
        await using var jmix = await StartAsync();
        var (bytes, id) = await UploadTests.PackageAsync(false);
        var upload = await ResumableUploadTests.CreateAsync(jmix, bytes.Length);
        _server.Trouble = _ => S3Trouble.Dropped;
        using (var last = await ResumableUploadTests.PatchAsync(jmix, upload, 0, bytes)) Assert.Equal(HttpStatusCode.ServiceUnavailable, last.StatusCode);
        Assert.Equal($"{bytes.Length - 1}", await ResumableUploadTests.OffsetAsync(jmix, upload));
        _server.Trouble = _ => null;
        using (var again = await ResumableUploadTests.PatchAsync(jmix, upload, bytes.Length - 1, bytes[^1..])) Assert.Equal(HttpStatusCode.NoContent,
            again.StatusCode);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
    }

    [Fact]
    public async Task Server_ThatIsAwayAtTheStart_IsAskedAgain()
    {
        _server.Trouble = _ => S3Trouble.Dropped;
        await using var jmix = await StartAsync();
        await jmix.Gateway.Log.FirstAsync(3305);
        _server.Trouble = _ => null;
        Assert.Equal(HttpStatusCode.OK, (await jmix.Client.GetAsync("/x/api/jmix?studyInstanceUid=1.2")).StatusCode);
    }

    [Fact]
    public async Task Memory_KeepsPackagesAcrossAReload()
    {
        await using var jmix = await JmixGateway.StartAsync(storage: "memory");
        var (bytes, id) = await UploadTests.PackageAsync(false);
        await UploadTests.UploadAsync(jmix, bytes, "application/zip");
        await jmix.Gateway.ReloadAsync(jmix.Config);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Empty(Directory.EnumerateFiles(jmix.Store, "*.zip", SearchOption.AllDirectories));
    }

    private Task<JmixGateway> StartAsync(string endpointOptions = "")
        => JmixGateway.StartAsync(endpointOptions: endpointOptions, storage: "s3", storageOptions: Options);
}
