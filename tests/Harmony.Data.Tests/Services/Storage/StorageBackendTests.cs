using System.Net;
using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Data.Tests.Services.Storage;

public sealed class StorageBackendTests : IDisposable
{
    private readonly TestFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Put_ThenGet_IsTheSameFile()
    {
        await using var gateway = await StartAsync("""write_pattern = "{path}"; read_pattern = "{path}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var put = await client.PutAsync("reports/a%20b.json", new StringContent("{\"a\":1}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("reports/a%2520b.json", put.Headers.Location!.OriginalString);
        Assert.Equal("""{"location":"reports/a%2520b.json","path":"reports/a%20b.json","status":"stored"}""", await put.Content.ReadAsStringAsync());
        using var get = await client.GetAsync("reports/a%20b.json");
        Assert.Equal(("application/json", "{\"a\":1}"), (get.Content.Headers.ContentType!.ToString(), await get.Content.ReadAsStringAsync()));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "reports/a%20b.json"));
        Assert.Equal((HttpStatusCode.OK, 7L), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("GET", "none", HttpStatusCode.NotFound)]
    [InlineData("GET", "", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "none", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", HttpStatusCode.BadRequest)]
    public async Task OtherRequests_AreAnsweredWithoutTouchingAnything(string method, string path, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync("""write_pattern = "{path}"; read_pattern = "{path}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Post_WithoutWritePattern_IsNotAllowed()
    {
        await using var gateway = await StartAsync("");
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("x", new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_Json_GivesItsStringsToTheName()
    {
        await using var gateway = await StartAsync("""write_pattern = "{kind}/{id}-{missing}.json" """);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("x", new StringContent("""{"kind":"../orders","id":"A/7","missing":7}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(File.Exists(Path.Combine(_root.Path, "%2E.%2Forders", "A%2F7-_.json")), string.Join(' ', Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public async Task Post_DicomObject_GivesItsAttributesToTheNameAndIsStoredWhole()
    {
        await using var gateway = await StartAsync("""write_pattern = "{PatientID}/{Modality}/{file}" """);
        var dataSet = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3").Set(DicomTag.PatientID, "../P;1").Set(DicomTag.Modality, "CT")
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[500_000])).Build();
        using var file = new MemoryStream();
        await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).WriteAsync(file);
        using var client = TestClient.Http1(gateway.Url);
        using var content = new ByteArrayContent(file.ToArray());
        content.Headers.TryAddWithoutValidation("content-type", "application/dicom");
        using var answer = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(file.ToArray(), await File.ReadAllBytesAsync(Path.Combine(_root.Path, "%2E.%2FP%3B1", "CT", "1.2.3.dcm")));
    }

    [Fact]
    public async Task Post_NotDicomAtAll_Is400()
    {
        await using var gateway = await StartAsync("""write_pattern = "{PatientID}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var content = new ByteArrayContent([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        content.Headers.TryAddWithoutValidation("content-type", "application/dicom");
        using var answer = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [SmallDiskFact]
    public async Task Post_FullDisk_Is507AndTheGatewayServesOn()
    {
        using var disk = SmallDisk.Mount();
        await using var gateway = await StartAsync("""write_pattern = "{uuid}.bin" """, disk.Folder);
        using var client = TestClient.Http1(gateway.Url);
        using var refused = await client.PostAsync("", new ByteArrayContent(new byte[2_000_000]));
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        using var stored = await client.PostAsync("", new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Single(Directory.EnumerateFiles(disk.Folder, "*.bin", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(disk.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Start_LeftoversOfACrash_AreDeleted()
    {
        Directory.CreateDirectory(Path.Combine(_root.Path, ".incoming", "1"));
        await File.WriteAllTextAsync(Path.Combine(_root.Path, ".incoming", "1.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(_root.Path, ".incoming", "1", "2.part"), "half");
        await using var gateway = await StartAsync("");
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
        Assert.True(gateway.Log.Has(2901));
    }

    [Fact]
    public async Task Pattern_ThatLeadsElsewhere_IsAConfigurationError()
        => Assert.Contains(
            await BackendConfig.ProblemsAsync("[backends.b]\nservice = \"storage\"\noptions.write_pattern = \"../{uuid}\""),
            p => p.StartsWith("(3,25): error: 'write_pattern' of backend 'b' is not a pattern: it must be relative", StringComparison.Ordinal));

    private Task<TestGateway> StartAsync(string options, string? root = null)
        => BackendConfig.StartAsync($"[backends.b]\nservice = \"storage\"\n[backends.b.options]\nroot = \"{root ?? _root.Path}\"\n{options.Replace("; ", "\n", StringComparison.Ordinal)}\n");
}
