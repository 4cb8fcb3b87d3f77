using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Packages.Tests;

/// <summary>Examples of the public Harmony Proxy do what their comments say, unchanged but for folders and addresses of servers.</summary>
public sealed class PublicExamplesTests : IDisposable
{
    private const string Study = "1.2"; // of FakePacs.WithStudy

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>"GET …?studyInstanceUid= triggers DICOM backend if not cached", skip_hashing and skip_listing of the endpoint, 30 requests a minute.</summary>
    [SharedFact("conformance/examples/jmix")]
    public async Task Jmix_BuildsOnceWithinItsPolicies()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await StartAsync("jmix", ("pipelines/jmix-performance.toml", s => s), ("config.toml", s => s
            .Replace("path = \"./tmp\"", $"path = \"{_folder.Path}\"", StringComparison.Ordinal)
            .Replace("connection.port = 4242", $"connection.port = {pacs.Port}", StringComparison.Ordinal)), ("AE", s
                => s.Replace("\"ORTHANC\"", $"\"{pacs.Settings.AeTitle}\"", StringComparison.Ordinal)));
        using var client = TestClient.Http1(gateway.Url);
        var first = await client.GetByteArrayAsync($"/jmix/api/jmix?studyInstanceUid={Study}");
        Assert.Equal(first, await client.GetByteArrayAsync($"/jmix/api/jmix?studyInstanceUid={Study}"));
        Assert.Equal(1, pacs.Gets);
        using var zip = new ZipArchive(new MemoryStream(first));
        var files = JsonNode.Parse(await new StreamReader(await zip.GetEntry("payload/files.json")!.OpenAsync()).ReadToEndAsync())!.AsArray();
        Assert.DoesNotContain(files, f => f!["file"]!.GetValue<string>().StartsWith("dicom/", StringComparison.Ordinal) || f["hash"] is not null);
        var id = JsonNode.Parse(await new StreamReader(await zip.GetEntry("manifest.json")!.OpenAsync()).ReadToEndAsync())!["id"]!.GetValue<string>();
        Assert.Equal(first, await client.GetByteArrayAsync($"/jmix/api/jmix/{id}"));
        Assert.Equal(id, JsonNode.Parse(await client.GetStringAsync($"/jmix/api/jmix/{id}/manifest"))!["id"]!.GetValue<string>());

        // The policies stand behind the builder in the list, and nothing happens before they have had their say.
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 31; i++) statuses.Add((await client.GetAsync($"/jmix/api/jmix/{id}/manifest")).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses); // 30 a minute
    }

    /// <summary>"Supports POST (upload), GET (retrieve), and manifest operations"; methods = GET, POST.</summary>
    [SharedFact("conformance/examples/jmix-backend")]
    public async Task JmixBackend_PassesRequestsOn()
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway = await StartAsync("jmix-backend", ("config.toml", s => s
            .Replace("jmix.example.com", "127.0.0.1", StringComparison.Ordinal).Replace("443", $"{server.Gateway.Url.Port}", StringComparison.Ordinal)
                .Replace("\"https\"", "\"http\"", StringComparison.Ordinal)),
            ("pipelines/jmix-backend.toml", s => s.Replace("path_prefix = \"\"", "path_prefix = \"/x\"", StringComparison.Ordinal)));
        using var client = TestClient.Http1(gateway.Url);
        var built = await client.GetByteArrayAsync($"/jmix/api/jmix?studyInstanceUid={Study}");
        using var content = new ByteArrayContent(built) { Headers = { ContentType = new("application/zip") } };
        using var upload = await client.PostAsync("/jmix/api/jmix", content);
        Assert.Equal(HttpStatusCode.OK, upload.StatusCode);
        var id = JsonNode.Parse(await upload.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        Assert.Equal(id, JsonNode.Parse(await client.GetStringAsync($"/jmix/api/jmix/{id}/manifest"))!["id"]!.GetValue<string>());
        using var delete = await client.DeleteAsync($"/jmix/api/jmix/{id}");
        Assert.Equal(HttpStatusCode.Forbidden, delete.StatusCode);
    }

    /// <summary>"Upload files to local storage via HTTP": POST only.</summary>
    [SharedFact("conformance/examples/http-file-upload")]
    public async Task HttpFileUpload_WritesFilesAndShowsNone()
    {
        await using var gateway = await StartAsync("http-file-upload",
            ("config.toml", s => s.Replace("./tmp/harmony.log", _folder.PathOf("harmony.log"), StringComparison.Ordinal)),
            ("pipelines/upload.toml", s => s.Replace("examples/http-file-upload/tmp/uploads", _folder.Path, StringComparison.Ordinal)));
        using var client = TestClient.Http1(gateway.Url);
        var bytes = new byte[3_000_000];
        Random.Shared.NextBytes(bytes);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.PostAsync("/upload", new ByteArrayContent(bytes));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var path = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["path"]!.GetValue<string>();
            Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.PathOf(path)));
            paths.Add(path);
        }

        Assert.Equal(2, paths.Count);
        using var get = await client.GetAsync($"/upload/{paths.First()}");
        Assert.False(get.IsSuccessStatusCode);
    }

    /// <summary>"Ingest DICOM files to local storage", by the field <c>file</c>; echo is on.</summary>
    [SharedFact("conformance/examples/cstore-filesystem")]
    public async Task CstoreFilesystem_WritesWhatIsStored()
    {
        await using var gateway = await StartAsync("cstore-filesystem", ("config.toml", s => s),
            ("pipelines/main.toml", s => s.Replace("data/archive", _folder.Path, StringComparison.Ordinal)));
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "ANY"),
            [ContextProposal.For(Uid.CTImageStorage), ContextProposal.For(Uid.VerificationSOPClass)]);
        await association.EchoAsync();
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        Assert.Equal(["1.2.3.4.dcm"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    /// <param name="example">The folder of the example.</param>
    /// <param name="changes">Files and what is changed in them; <c>AE</c> is every file.</param>
    private static Task<TestGateway> StartAsync(string example, params (string File, Func<string, string> Change)[] changes)
    {
        var root = SharedFolder.PathOf($"conformance/examples/{example}");
        string Text(string file)
        {
            var text = File.ReadAllText(Path.Combine(root, file));
            foreach (var (_, change) in changes.Where(c => c.File == file || c.File == "AE")) text = change(text);
            return text;
        }

        return TestGateway.StartAsync(Text("config.toml"), changes.Select(c => c.File).Where(f => f is not ("config.toml" or "AE")).ToDictionary(f => f, Text));
    }
}

