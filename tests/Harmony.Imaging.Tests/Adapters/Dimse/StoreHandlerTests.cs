using Harmony.Core.Envelope;
using Harmony.Core.Runtime;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>Objects through configured pipelines, most of them from DCMTK and to disk.</summary>
public sealed class StoreHandlerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    private string Root => Path.Combine(_folder, "archive");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkFact]
    public async Task Store_FileOfDcmtk_IsOnDiskWithItsPixels()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root, "{calling_aet}/{PatientID}/{file}")));
        var sent = await TestObjects.WriteAsync(_folder, "1.2.3.4", pixels: 300_000);
        (await StoreAsync(gateway, sent)).Succeeded();
        var stored = Path.Combine(Root, "MODALITY", "P-1", "1.2.3.4.dcm");
        var file = await DicomFile.OpenAsync(stored);
        Assert.Equal(("MODALITY", "1.2.3.4"), (file.Meta.SourceApplicationEntityTitle, file.DataSet.GetString(DicomTag.SOPInstanceUID)));
        Assert.Equal(await TestObjects.PixelsOfAsync(sent), await TestObjects.PixelsOfAsync(stored));
        Assert.DoesNotContain("P-1", string.Join('\n', gateway.Log.Lines.Select(l => l.Message)), StringComparison.Ordinal);
    }

    /// <summary>No HTTP server has a method C-STORE.</summary>
    [Theory]
    [InlineData("", "POST /c-store ")]
    [InlineData("method = \"PUT\"", "PUT /c-store ")]
    public async Task Store_ToAnHttpBackend_IsPosted(string options, string expected)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadChunksAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        var backend = $"[backends.b]\nservice = \"http\"\n[backends.b.options]\nbase_url = \"{origin.Url}\"\n{options}";
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(backend));
        var peer = new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST");
        await using var association = await new DicomClient().ConnectAsync(peer, [ContextProposal.For(Uid.CTImageStorage)]);
        var sent = SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian);
        Assert.True((await association.StoreAsync(sent, ct: Guard.Token)).Status.IsSuccess);
        Assert.StartsWith(expected, Assert.Single(origin.Heads), StringComparison.Ordinal);
    }

    [DcmtkTheory("gdcmconv")]
    [InlineData("dcmconv", "+ti", "-xi", "1.2.840.10008.1.2")]
    [InlineData("dcmconv", "+tb", "-xb", "1.2.840.10008.1.2.2")]
    [InlineData("dcmconv", "+td", "-xd", "1.2.840.10008.1.2.1.99")]
    [InlineData("dcmcrle", "", "-xr", "1.2.840.10008.1.2.5")]
    [InlineData("dcmcjpeg", "+e1", "-xs", "1.2.840.10008.1.2.4.70")]
    [InlineData("dcmcjpeg", "+el", "dcmsend", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+eb", "-xy", "1.2.840.10008.1.2.4.50")]
    [InlineData("dcmcjpeg", "+ee", "-xx", "1.2.840.10008.1.2.4.51")]
    [InlineData("dcmcjpeg", "+es", "dcmsend", "1.2.840.10008.1.2.4.53")]
    [InlineData("dcmcjpeg", "+ep", "dcmsend", "1.2.840.10008.1.2.4.55")]
    [InlineData("dcmcjpls", "+el", "-xt", "1.2.840.10008.1.2.4.80")]
    [InlineData("dcmcjpls", "+en", "-xu", "1.2.840.10008.1.2.4.81")]
    [InlineData("gdcmconv", "--j2k", "-xv", "1.2.840.10008.1.2.4.90")]
    [InlineData("gdcmconv", "--j2k -Y -r 2", "-xw", "1.2.840.10008.1.2.4.91")]
    [InlineData("gdcmconv", "--jpeg", "-xs", "1.2.840.10008.1.2.4.70")]
    [InlineData("gdcmconv", "--jpegls", "-xt", "1.2.840.10008.1.2.4.80")]
    [InlineData("gdcmconv", "--rle", "-xr", "1.2.840.10008.1.2.5")]
    [InlineData("gdcmconv", "--deflated", "-xd", "1.2.840.10008.1.2.1.99")]
    public async Task Store_EveryTransferSyntax_IsKeptAsItIs(string encoder, string options, string propose, string syntax)
    {
        // Lossy JPEG has 8 or 12 bits, and the library of DCMTK's for 8 is the default.
        var plain = await TestObjects.WriteAsync(_folder, "1.2.3.4", pixels: 64 * 1024, bits: syntax is "1.2.840.10008.1.2.4.50" ? 8 : 16);
        var encoded = Path.Combine(_folder, "encoded.dcm");
        (await DcmtkPeer.RunAsync(encoder, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), plain, encoded])).Succeeded();
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root)));
        // storescu has no option for some of them; dcmsend proposes what the file is in.
        string[] to = ["-aec", "HARMONY_SCP", "127.0.0.1", Port(gateway), encoded];
        (await (propose == "dcmsend" ? DcmtkPeer.RunAsync(propose, ["--decompress-never", .. to]) : DcmtkPeer.RunAsync("storescu", [propose, .. to])))
            .Succeeded();
        var stored = Assert.Single(Directory.EnumerateFiles(Root, "*.dcm"));
        Assert.Equal(syntax, (await DicomFile.OpenAsync(stored)).TransferSyntax.Uid);
        Assert.Equal(await TestObjects.PixelsOfAsync(encoded), await TestObjects.PixelsOfAsync(stored));
    }

    /// <summary>An example of the public Harmony Proxy, but for the folder and the port.</summary>
    [SharedFact("conformance/examples/cstore-filesystem")]
    public async Task Store_ThroughThePublicExample_IsWrittenUnderTheFieldFile()
    {
        var example = SharedFolder.PathOf("conformance/examples/cstore-filesystem");
        var pipeline = await File.ReadAllTextAsync(Path.Combine(example, "pipelines", "main.toml"));
        await using var gateway = await TestGateway.StartAsync(
            await File.ReadAllTextAsync(Path.Combine(example, "config.toml")),
            new Dictionary<string, string> { ["pipelines/main.toml"] = pipeline.Replace("data/archive", Root, StringComparison.Ordinal) });
        await using var association = await ConnectAsync(gateway);
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        Assert.Equal("1.2.3.4", (await DicomFile.OpenAsync(Path.Combine(Root, "1.2.3.4.dcm"))).DataSet.GetString(DicomTag.SOPInstanceUID));
    }

    [Fact]
    public async Task Store_SameObjectTwice_IsThereOnceAndBothSucceed()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root)));
        await using var association = await ConnectAsync(gateway);
        var instance = SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian);
        Assert.True((await association.StoreAsync(instance)).Status.IsSuccess);
        Assert.True((await association.StoreAsync(instance)).Status.IsSuccess);
        Assert.Single(Directory.EnumerateFiles(Root));
    }

    [Theory]
    [InlineData(507, null, 0xA700)]
    [InlineData(403, null, 0x0124)]
    [InlineData(502, "0xA900", 0xA900)]
    [InlineData(200, "0xB000", 0xB000)]
    public async Task Store_BackendAnswers_BecomesTheStatus(int http, string? told, int expected)
    {
        var backend = new ScriptedBackend((request, _) =>
        {
            var response = new ResponseEnvelope(request, http);
            if (told is not null) response.Metadata["dicom_status"] = told;
            return new(response);
        });
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: backend);
        await using var association = await ConnectAsync(gateway);
        var result = await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian));
        Assert.Equal((ushort)expected, result.Status.Code);
        Assert.Equal(
            ("C-STORE", "C-STORE", "store", "dimse", "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4", "1.2.840.10008.1.2.1", "P-1", "1.2.3.1", "1.2.3.2", "MODALITY",
                "HARMONY_SCP", "127.0.0.1", "c-store", "1.2.3.4.dcm"),
            (M("operation"), M("dicom.operation"), M("dimse_op"), M("protocol"), M("sop_class_uid"), M("sop_instance_uid"), M("transfer_syntax_uid"),
                M("PatientID"), M("StudyInstanceUID"),
                M("SeriesInstanceUID"), M("calling_aet"), M("called_aet"), M("client_ip"), M("path"), M("file")));

        string M(string key) => backend.Metadata[key];
    }

    [SmallDiskFact]
    public async Task Store_FullDisk_IsA700AndTheGatewayServesOn()
    {
        using var disk = SmallDisk.Mount();
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(disk.Folder)));
        await using var association = await ConnectAsync(gateway);
        var refused = await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4", pixels: 2_000_000), TransferSyntax.ExplicitVRLittleEndian));
        Assert.Equal(DimseStatus.OutOfResources, refused.Status);
        Assert.Matches("^request [0-9a-f]{32}$", refused.ErrorComment);
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.5"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        Assert.Equal("1.2.3.5.dcm", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(disk.Folder, "*.dcm", SearchOption.AllDirectories))));
        Assert.Empty(Directory.EnumerateFiles(disk.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Store_HostileIdentifiers_StayBelowTheRoot()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root, "{calling_aet}/{PatientID}/{file}")));
        await using var association = await ConnectAsync(gateway, callingAeTitle: "../../X;%2f");
        foreach (var patient in new[] { "../../../etc/passwd", "/abs", "a\0b", "..", "con", new string('9', 64), "a;b|c" })
        {
            var dataSet = TestObjects.Ct(Uid.Create()).ToBuilder().Set(new DicomValue(DicomTag.PatientID, Vr.LO, System.Text.Encoding.ASCII.GetBytes(patient)))
                .Build();
            Assert.True((await association.StoreAsync(SopInstance.Of(dataSet, TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        }

        Assert.Equal(7, Directory.EnumerateFiles(Path.Combine(Root, "%2E.%2F..%2FX%3B%252f"), "*.dcm", SearchOption.AllDirectories).Count());
        Assert.Equal([Root], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Store_StepThatChangesTheDataSet_ChangesTheObjectAndItsName()
    {
        const string Spec = """[{ "operation": "modify-overwrite-beta", "spec": { "dataset": { "00100020": { "Value": { "[0]": "ANON" } }, "00100010": { "Value": { "[0]": { "Alphabetic": "Anonymous" } } } } } }]""";
        await using var gateway = await TestGateway.StartAsync(
            ScpConfig.With(ScpConfig.Storage(Root, "{PatientID}/{file}")
                + "\n[middleware.anonymise]\ntype = \"transform\"\noptions.spec_path = \"anonymise.json\"\noptions.input = \"data\"",
                middleware: "\"anonymise\""),
            new Dictionary<string, string> { ["transforms/anonymise.json"] = Spec });
        await using var association = await ConnectAsync(gateway);
        var result = await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4", pixels: 300_000), TransferSyntax.ExplicitVRLittleEndian));
        Assert.True(result.Status.IsSuccess, string.Join('\n', gateway.Log.Lines.Select(l => l.Message)));
        var stored = Path.Combine(Root, "ANON", "1.2.3.4.dcm");
        var file = await DicomFile.OpenAsync(stored);
        Assert.Equal(("ANON", "Anonymous", "CT"),
            (file.DataSet.GetString(DicomTag.PatientID), file.DataSet.GetString(DicomTag.PatientName), file.DataSet.GetString(DicomTag.Modality)));
        Assert.Equal(300_000, (await TestObjects.PixelsOfAsync(stored)).Length);
    }

    [Fact]
    public async Task Store_SenderDisappears_NothingIsLeftBehind()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root)));
        var association = await ConnectAsync(gateway);
        using var breaking = new BreakingFile(await File.ReadAllBytesAsync(await TestObjects.WriteAsync(_folder, "1.2.3.4", pixels: 2_000_000)));
        var storing = association.StoreAsync(await SopInstance.ReadAsync(breaking)).AsTask();
        await breaking.Halfway.Guarded();
        await association.AbortAsync();
        breaking.Continue();
        await Assert.ThrowsAnyAsync<Exception>(() => storing).Guarded();
        await DrainedAsync(gateway);
        Assert.DoesNotContain(Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories), f => !f.EndsWith(".lock", StringComparison.Ordinal));
    }

    /// <summary>A sender that neither goes on nor goes away.</summary>
    [Fact]
    public async Task Store_SenderFallsSilent_EverythingIsFreedWithinArtim()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root), "artim_secs = 30"), clock: clock);
        var association = await ConnectAsync(gateway);
        using var breaking = new BreakingFile(await File.ReadAllBytesAsync(await TestObjects.WriteAsync(_folder, "1.2.3.4", pixels: 2_000_000)));
        var storing = association.StoreAsync(await SopInstance.ReadAsync(breaking)).AsTask();
        await breaking.Halfway.Guarded();
        // it does not say when it has begun to write
        await Guard.UntilAsync(() => Directory.Exists(Root) && Directory.EnumerateFiles(Root, "*.part", SearchOption.AllDirectories).Any());
        var drained = gateway.Snapshot.CloseAsync();
        // by steps: the timer begins anew with each piece, and the last may be on its way
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(2), association.Completion);
        Assert.Equal(AssociationEndKind.AbortedByPeer, (await association.Completion.Guarded()).Kind);
        breaking.Continue();
        await Assert.ThrowsAnyAsync<Exception>(() => storing).Guarded();
        await drained.Guarded();
        Assert.DoesNotContain(Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories), f => !f.EndsWith(".lock", StringComparison.Ordinal));
    }

    /// <summary>Nothing of a data set that is nested without end is taken, by stack or heap.</summary>
    [Fact]
    public async Task Store_TenThousandNestedSequences_IsRefusedAndOthersAreServed()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(Root)));
        await using var association = await ConnectAsync(gateway);
        using var nested = new MemoryStream();
        await DicomFile.Create(new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3.4").Build(),
            TransferSyntax.ExplicitVRLittleEndian).WriteAsync(nested);
        for (var depth = 0; depth < 10_000; depth++)
            nested.Write([8, 0, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        nested.Position = 0;
        Assert.Equal(DimseStatus.OutOfResources, (await association.StoreAsync(await SopInstance.ReadAsync(nested))).Status);
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.5"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        Assert.Single(Directory.EnumerateFiles(Root, "*.dcm", SearchOption.AllDirectories));
    }

    /// <summary>Closes the configuration and waits until the last association has left it.</summary>
    private static async Task DrainedAsync(TestGateway gateway)
    {
        GatewaySnapshot snapshot = gateway.Snapshot;
        await snapshot.CloseAsync().Guarded();
    }

    private static Task<DcmtkResult> StoreAsync(TestGateway gateway, params string[] files)
        => DcmtkPeer.RunAsync("storescu", ["-aet", "MODALITY", "-aec", "HARMONY_SCP", "127.0.0.1", Port(gateway), .. files]);

    private static string Port(TestGateway gateway) => gateway.DicomAddress.Port.ToString();

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway, string callingAeTitle = "MODALITY")
        => new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", callingAeTitle),
            [new ContextProposal(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian])]);

    /// <summary>A file that stops in the middle.</summary>
    private sealed class BreakingFile(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _halfway = Guard.NewSignal();
        private readonly TaskCompletionSource _continued = Guard.NewSignal();

        public Task Halfway => _halfway.Task;

        public void Continue() => _continued.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2)
            {
                _halfway.TrySetResult();
                await _continued.Task;
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
