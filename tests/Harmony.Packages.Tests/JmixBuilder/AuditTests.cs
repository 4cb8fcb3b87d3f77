using System.Net;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>With <c>audit</c>, packages are told what happens to them on their way, and stay valid.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("application/zip", false)]
    [InlineData("application/gzip", true)]
    public async Task Upload_IsReceivedAndStored_AndIsTheSamePackageAgain(string type, bool isTar)
    {
        await using var jmix = await JmixGateway.StartAsync("audit = true");
        var (bytes, id) = await UploadTests.PackageAsync(isTar);
        Assert.Equal(HttpStatusCode.Created, (await UploadTests.UploadAsync(jmix, bytes, type)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await UploadTests.UploadAsync(jmix, bytes, type)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await UploadTests.UploadAsync(jmix, (await UploadTests.PackageAsync(isTar, id, "other!")).Bytes, type))
            .StatusCode);

        Assert.Equal(["created org:a", "received org:harmony-proxy", "stored org:harmony-proxy"],
            await HappenedAsync(await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(jmix.Store, "incoming")));
    }

    [Fact]
    public async Task UploadWithAnAuditThatIsNone_IsRefused()
    {
        await using var jmix = await JmixGateway.StartAsync("audit = true");
        var (bytes, _) = await UploadTests.PackageAsync(false);
        using var changed = new MemoryStream();
        await changed.WriteAsync(bytes);
        using (var zip = new System.IO.Compression.ZipArchive(changed, System.IO.Compression.ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("audit.json")!.Delete();
            await using var audit = await zip.CreateEntry("audit.json").OpenAsync();
            await audit.WriteAsync("[]"u8.ToArray());
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await UploadTests.UploadAsync(jmix, changed.ToArray(), "application/zip")).StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(jmix.Store, "incoming")));
    }

    /// <summary>The stored package stays as it is, so that another try adds no second entry.</summary>
    [Fact]
    public async Task Delivery_IsSent_OnceHoweverOftenItIsTried()
    {
        await using var server = await JmixGateway.StartAsync();
        await using (var gateway = await TestGateway.StartAsync(Scp("[backends.b]\nservice = \"jmix_backend\"\noptions.base_url = \"http://127.0.0.1:1\""),
            clock: _clock))
        {
            await using (var association = await new DicomClient().ConnectAsync(
                new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST"), [ContextProposal.For(Uid.CTImageStorage)]))
                Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.1.1"), TransferSyntax.ExplicitVRLittleEndian)))
                    .Status.IsSuccess);
            await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3307));
        }

        var config = Scp($"""
            [backends.b]
            service = "jmix_backend"
            options.base_url = "{server.Gateway.Url}"
            options.path_prefix = "/x"
            """);
        await using var again = await TestGateway.StartAsync(config, clock: _clock);
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), again.Log.FirstAsync(3306));
        Assert.Equal(["created org:harmony-proxy", "sent org:harmony-proxy"],
            await HappenedAsync(await server.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1")));
        Assert.Empty(Directory.EnumerateFiles(_folder.PathOf("store/incoming")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("store_dir = \"OTHER\"")]
    public async Task Upload_ThatIsForwarded_SaysSo(string endpointOptions)
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway = await TestGateway.StartAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [pipelines.jmix]
            networks = ["main"]
            endpoints = ["jmix"]
            middleware = ["builder"]
            backends = ["server"]
            [endpoints.jmix]
            service = "jmix"
            [endpoints.jmix.options]
            {endpointOptions.Replace("OTHER", _folder.PathOf("other"), StringComparison.Ordinal)}
            [middleware.builder]
            type = "jmix_builder"
            [middleware.builder.options]
            store_dir = "{_folder.PathOf("store")}"
            audit = true
            forward = true
            [backends.server]
            service = "jmix_backend"
            options.base_url = "{server.Gateway.Url}"
            options.path_prefix = "/x"
            """, clock: _clock);
        using var client = TestClient.Http1(gateway.Url);
        var (bytes, id) = await UploadTests.PackageAsync(false);
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/zip") } };
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/jmix", content)).StatusCode);
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3306));

        Assert.Equal(["created org:a", "received org:harmony-proxy", "stored org:harmony-proxy", "forwarded org:harmony-proxy"],
            await HappenedAsync(await server.Client.GetByteArrayAsync($"/x/api/jmix/{id}")));
        Assert.Equal(endpointOptions.Length > 0, Directory.Exists(_folder.PathOf("other/packages")));
    }

    /// <summary>A gateway without a store of its own tells a package that it passed, and passes on whatever else there is as it is.</summary>
    [Theory]
    [InlineData("application/zip", false)]
    [InlineData("application/gzip", true)]
    public async Task Upload_ThroughAJmixBackend_SaysSo(string type, bool isTar)
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Passing(server, "audit = true\nsender_id = \"org:passing\""), clock: _clock);
        using var client = TestClient.Http1(gateway.Url);
        var (bytes, id) = await UploadTests.PackageAsync(isTar);

        using (var stored = await PostAsync(client, bytes, type))
            Assert.Equal((HttpStatusCode.Created, $"/api/jmix/{id}"), (stored.StatusCode, stored.Headers.Location!.ToString()));
        Assert.Equal(["created org:a", "received org:passing", "forwarded org:passing"],
            await HappenedAsync(await server.Client.GetByteArrayAsync($"/x/api/jmix/{id}")));
        Assert.Equal(await server.Client.GetByteArrayAsync($"/x/api/jmix/{id}"), await client.GetByteArrayAsync($"/api/jmix/{id}"));

        using var refused = await PostAsync(client, "no archive"u8.ToArray(), type);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("malformed", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["findings"]![0]!["code"]);
        await Guard.UntilAsync(() => !Directory.EnumerateFileSystemEntries(_folder.PathOf("state/jmix-passing/incoming")).Any());
    }

    /// <summary>Every route of the endpoint leads to the same route of the server, and what it says of places is true for the client.</summary>
    [Fact]
    public async Task Routes_OfTheEndpoint_AreThoseOfTheServer()
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Passing(server, ""), clock: _clock);
        using var client = TestClient.Http1(gateway.Url);
        var built = await client.GetByteArrayAsync("/api/jmix?studyInstanceUid=1.2");
        var id = (string)JsonNode.Parse(await client.GetStringAsync("/api/jmix/prime/1.2"))!["id"]!;
        Assert.Equal(built, await client.GetByteArrayAsync($"/api/jmix/{id}"));
        Assert.Equal(id, (string?)JsonNode.Parse(await client.GetStringAsync($"/api/jmix/{id}/manifest"))!["id"]);

        using var create = new HttpRequestMessage(HttpMethod.Post, "/api/jmix/uploads");
        create.Headers.Add("Tus-Resumable", "1.0.0");
        create.Headers.Add("Upload-Length", "10");
        using var created = await client.SendAsync(create);
        Assert.StartsWith("/api/jmix/uploads/", created.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var ask = new HttpRequestMessage(HttpMethod.Head, created.Headers.Location) { Headers = { { "Tus-Resumable", "1.0.0" } } };
        using var state = await client.SendAsync(ask);
        Assert.Equal((HttpStatusCode.OK, "0"), (state.StatusCode, state.Headers.GetValues("Upload-Offset").Single()));
    }

    [Fact]
    public async Task Upload_ThroughAJmixBackend_IsPassedOnAsItIs_Otherwise()
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Passing(server, ""), clock: _clock);
        using var client = TestClient.Http1(gateway.Url);
        var (bytes, id) = await UploadTests.PackageAsync(false);

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(client, bytes, "application/zip")).StatusCode);
        Assert.Equal(bytes, await server.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.False(Directory.Exists(_folder.PathOf("state/jmix-passing")));
    }

    private string Passing(JmixGateway server, string options) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [storage.options]
        path = "{_folder.PathOf("state")}"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.passing]
        networks = ["main"]
        endpoints = ["jmix"]
        backends = ["server"]
        [endpoints.jmix]
        service = "jmix"
        [backends.server]
        service = "jmix_backend"
        [backends.server.options]
        base_url = "{server.Gateway.Url}"
        path_prefix = "/x"
        {options}
        """;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] bytes, string type)
        => client.PostAsync("/api/jmix", new ByteArrayContent(bytes) { Headers = { ContentType = new(type) } });

    private string Scp(string backend) => ScpConfig.With($"""
        {backend}
        [middleware.builder]
        type = "jmix_builder"
        [middleware.builder.options]
        store_dir = "{_folder.PathOf("store")}"
        quiet_secs = 20
        audit = true
        """, middleware: "\"builder\"");

    private async Task<string[]> HappenedAsync(byte[] package)
    {
        var path = _folder.PathOf($"{Guid.NewGuid()}.zip");
        await File.WriteAllBytesAsync(path, package);
        using var reader = await JmixReader.OpenAsync(path, new JmixReadOptions { Clock = _clock }, default);
        Assert.True(reader.Report.IsValid);
        var audit = JsonNode.Parse(await reader.Files.ReadAsync("audit.json", default))!["audit"]!.AsArray();
        return [.. audit.Select(e => $"{e!["event"]} {e["by"]!["id"]}")];
    }
}
