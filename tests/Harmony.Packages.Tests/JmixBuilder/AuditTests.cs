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

        await using var again = await TestGateway.StartAsync(Scp($"[backends.b]\nservice = \"jmix_backend\"\noptions.base_url = \"{server.Gateway.Url}\"\noptions.path_prefix = \"/x\""), clock: _clock);
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
