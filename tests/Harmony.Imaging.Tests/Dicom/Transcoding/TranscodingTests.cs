using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Tests.Services.DicomScu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Dicom.Transcoding;

/// <summary>Objects for systems that do not take them as they are: DCMTK's storescp and getscu, each taking certain transfer syntaxes only.</summary>
public sealed class TranscodingTests : IDisposable
{
    private const int Pixels = 65_536;
    private const string Lossless = "transcode = \"lossless\"";

    private static readonly string[] Study = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3.1"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>C-STORE by <c>dicom_scu</c>: the pixels that arrive are those that were compressed, as DCMTK decodes them.</summary>
    [DcmtkTheory("gdcmconv")]
    [InlineData(nameof(TransferSyntax.JPEGLSLossless), "+xi", "", nameof(TransferSyntax.ImplicitVRLittleEndian))]
    [InlineData(nameof(TransferSyntax.RLELossless), "", "", nameof(TransferSyntax.ExplicitVRLittleEndian))]
    [InlineData(nameof(TransferSyntax.JPEG2000Lossless), "+xi", "", nameof(TransferSyntax.ImplicitVRLittleEndian))]
    [InlineData(nameof(TransferSyntax.JPEGLosslessSV1), "", "ImplicitVRLittleEndian", nameof(TransferSyntax.ImplicitVRLittleEndian))]
    [InlineData(nameof(TransferSyntax.JPEGLSLossless), "RLELossless", "JPEG2000Lossless RLELossless", nameof(TransferSyntax.RLELossless))]
    [InlineData(nameof(TransferSyntax.ExplicitVRLittleEndian), "JPEGLSLossless", "JPEGLSLossless", nameof(TransferSyntax.JPEGLSLossless))]
    [InlineData(nameof(TransferSyntax.RLELossless), "RLELossless", "", nameof(TransferSyntax.RLELossless))] // taken as it is
    public async Task Store_PeerTakesOtherSyntaxes_PixelsAreTheSame(string stored, string takes, string to, string arrives)
    {
        var (plain, file) = await CompressedAsync(stored);
        await using var pacs = await StoreScpAsync(takes);
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, Options(Lossless, to));

        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await File.ReadAllBytesAsync(file)));

        Assert.True(status == 200, answer.ToJsonString() + pacs.Output);
        await AssertArrivedAsync(plain, Assert.Single(Directory.GetFiles(pacs.Folder)), arrives);
    }

    /// <summary>Off unless it is asked for: the object fails, and its sender is told.</summary>
    [DcmtkFact]
    public async Task Store_WithoutTheOption_IsNotTranscoded()
    {
        var (_, file) = await CompressedAsync(nameof(TransferSyntax.JPEGLSLossless));
        await using var pacs = await StoreScpAsync("+xi");
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);

        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await File.ReadAllBytesAsync(file)));

        Assert.Equal((500, 0), (status, (int)answer["stored"]!));
        Assert.Contains("JPEGLSLossless, which is sent as it is", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(pacs.Folder));
    }

    /// <summary>An association that breaks in the middle: the object is encoded and sent again, though its body can be read once.</summary>
    [DcmtkFact]
    public async Task Store_AssociationBreaks_IsTranscodedAgain()
    {
        var (plain, file) = await CompressedAsync(nameof(TransferSyntax.JPEGLSLossless));
        await using var pacs = await StoreScpAsync("+xi");
        await using var relay = TcpRelay.To(pacs.Port);
        await using var gateway = await ScuGateway.StartAsync(relay.Port, Lossless, backend: "max_retries = 2");
        relay.CutAfter(Pixels / 2);

        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await File.ReadAllBytesAsync(file)));

        Assert.True(status == 200, answer.ToJsonString() + pacs.Output);
        Assert.Equal(2, relay.Connections);
        await Guard.UntilAsync(() => Directory.GetFiles(pacs.Folder).Length == 1); // storescp deletes what broke off
        await AssertArrivedAsync(plain, Directory.GetFiles(pacs.Folder)[0], nameof(TransferSyntax.ImplicitVRLittleEndian));
    }

    /// <summary>DIMSE in front, DIMSE behind: a damaged object is not stored, and the status says so; the next one is.</summary>
    [DcmtkFact]
    public async Task Store_ThatCannotBeDecoded_IsAFailureToItsSender()
    {
        await using var pacs = await StoreScpAsync("+xi");
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScuGateway.Toml(pacs.Port, _folder.Path, Lossless)));
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST"),
            [new ContextProposal(Uid.CTImageStorage, [TransferSyntax.RLELossless])]);
        var damaged = TestObjects.Ct("1.2.3.9", pixels: Pixels).ToBuilder()
            .Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(new byte[64])])).Build();
        var (plain, file) = await CompressedAsync(nameof(TransferSyntax.RLELossless));

        var refused = await association.StoreAsync(SopInstance.Of(damaged, TransferSyntax.RLELossless));
        Assert.Empty(Directory.GetFiles(pacs.Folder));
        var taken = await association.StoreAsync(await SopInstance.OpenAsync(file));

        Assert.Equal((DimseStatus.UnableToProcess, DimseStatus.Success), (refused.Status, taken.Status));
        await AssertArrivedAsync(plain, Assert.Single(Directory.GetFiles(pacs.Folder)), nameof(TransferSyntax.ImplicitVRLittleEndian));
    }

    /// <summary>Where loss is allowed, another object is stored, with a UID of its own, which says where it comes from; the sender gets a warning.</summary>
    [DcmtkFact]
    public async Task Store_WithLoss_MakesAnObjectThatSaysSo()
    {
        var file = await TestObjects.WriteAsync(_folder.Path, "1.2.3.4", pixels: Pixels, bits: 8);
        await using var pacs = await StoreScpAsync(nameof(TransferSyntax.JPEGBaseline8Bit));
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, Options("transcode = \"lossy\"\ntranscode_quality = 95", "JPEGBaseline8Bit"));

        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await File.ReadAllBytesAsync(file)));

        Assert.True(status == 200, answer.ToJsonString() + pacs.Output);
        Assert.Equal(("1.2.3.4", "0xB000"), (answer["results"]![0]!["sop_instance_uid"]!.ToString(), answer["results"]![0]!["status"]!.ToString()));
        var arrived = await DicomFile.OpenAsync(Assert.Single(Directory.GetFiles(pacs.Folder)));
        Assert.Equal(TransferSyntax.JPEGBaseline8Bit.Uid, arrived.TransferSyntax.Uid);
        Assert.NotEqual("1.2.3.4", arrived.DataSet.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal("01", arrived.DataSet.GetString(DicomTag.LossyImageCompression));
        Assert.True(arrived.DataSet.TryGet<DicomSequence>(DicomTag.SourceImageSequence, out var sources));
        Assert.Equal("1.2.3.4", Assert.Single(sources.Items).GetString(DicomTag.ReferencedSOPInstanceUID));
    }

    /// <summary>C-GET and C-MOVE that <c>dicom_scp</c> answers, for clients that take uncompressed objects only.</summary>
    [DcmtkTheory("gdcmconv")]
    [InlineData(nameof(TransferSyntax.JPEGLSLossless))]
    [InlineData(nameof(TransferSyntax.JPEG2000Lossless))]
    public async Task Retrieval_ClientTakesUncompressedOnly_PixelsAreTheSame(string stored)
    {
        var (plain, file) = await CompressedAsync(stored);
        await using var archive = Archive(file);
        await using var workstation = await StoreScpAsync("+xi");
        await using var gateway = await StartAsync(archive, workstation, Lossless);

        (await RunAsync(gateway, "getscu", [.. Study, "-od", Received])).Succeeded();
        (await RunAsync(gateway, "movescu", [.. Study, "-aem", "WORKSTATION"])).Succeeded();

        await AssertArrivedAsync(plain, Assert.Single(Directory.GetFiles(Received)), nameof(TransferSyntax.ExplicitVRLittleEndian));
        await AssertArrivedAsync(plain, Assert.Single(Directory.GetFiles(workstation.Folder)), nameof(TransferSyntax.ImplicitVRLittleEndian));
    }

    [DcmtkFact]
    public async Task Retrieval_WithoutTheOption_IsNotTranscoded()
    {
        var (_, file) = await CompressedAsync(nameof(TransferSyntax.JPEGLSLossless));
        await using var archive = Archive(file);
        await using var workstation = await StoreScpAsync("+xi");
        await using var gateway = await StartAsync(archive, workstation, "");

        Assert.Contains("OutOfResources", (await RunAsync(gateway, "movescu", [.. Study, "-v", "-aem", "WORKSTATION"])).Output, StringComparison.Ordinal);
        await RunAsync(gateway, "getscu", [.. Study, "-od", Received]);

        Assert.Empty(Directory.GetFiles(Received));
        Assert.Empty(Directory.GetFiles(workstation.Folder));
    }

    [Theory]
    [InlineData("transcode = \"lossless\"\ntranscode_to = [\"JPEGBaseline8Bit\"]",
        "'JPEGBaseline8Bit' loses detail; where that is wanted, say transcode = \"lossy\"")]
    [InlineData("transcode = \"lossless\"\ntranscode_to = [\"JPEGLosslessSV1\"]", "'JPEGLosslessSV1' is no transfer syntax that pixel data can be encoded in")]
    [InlineData("transcode_to = [\"JPEGLSLossless\"]", "'transcode_to' has no effect without transcode")]
    [InlineData("transcode = \"maybe\"", "never")]
    public async Task Options_ThatContradictThemselves_AreSaid(string options, string expected)
    {
        var scu = ScuGateway.Toml(104, _folder.Path, options);
        var scp = ScpConfig.With("[backends.b]\nservice = \"mock_dicom\"", options);

        Assert.Contains(await BackendConfig.ProblemsOfAsync(BackendConfig.With(scu)), p => p.Contains(expected, StringComparison.Ordinal));
        Assert.Contains(await BackendConfig.ProblemsOfAsync(scp), p => p.Contains(expected, StringComparison.Ordinal));
    }

    private string Received => Directory.CreateDirectory(_folder.PathOf("received")).FullName;

    private static string Options(string transcode, string to)
        => to.Length == 0 ? transcode : $"{transcode}\ntranscode_to = [{string.Join(", ", to.Split(' ').Select(t => $"\"{t}\""))}]";

    /// <summary>An object as DCMTK or GDCM compress it, and the same uncompressed.</summary>
    private async Task<(string Plain, string Compressed)> CompressedAsync(string syntax)
    {
        var plain = await TestObjects.WriteAsync(_folder.Path, "1.2.3.4", pixels: Pixels);
        var compressed = _folder.PathOf("compressed.dcm");
        string[] program = syntax switch
        {
            nameof(TransferSyntax.JPEGLSLossless) => ["dcmcjpls"],
            nameof(TransferSyntax.RLELossless) => ["dcmcrle"],
            nameof(TransferSyntax.JPEGLosslessSV1) => ["dcmcjpeg", "+e1"],
            nameof(TransferSyntax.JPEG2000Lossless) => ["gdcmconv", "--j2k"],
            _ => [],
        };
        if (program.Length == 0) return (plain, plain);
        (await DcmtkPeer.RunAsync(program[0], [.. program[1..], plain, compressed])).Succeeded();
        return (plain, compressed);
    }

    /// <summary>DCMTK's storescp with its own options, or one that takes a single transfer syntax.</summary>
    private async Task<DcmtkPeer> StoreScpAsync(string takes)
    {
        if (takes.Length == 0) return await DcmtkPeer.StoreScpAsync();
        if (takes[0] == '+') return await DcmtkPeer.StoreScpAsync(takes);
        var profile = _folder.Write("storescp.cfg", $"""
            [[TransferSyntaxes]]
            [Only]
            TransferSyntax1 = {TransferSyntax.All.Single(s => s.Keyword == takes).Uid}
            [[PresentationContexts]]
            [Contexts]
            PresentationContext1 = {Uid.CTImageStorage}\Only
            [[Profiles]]
            [Profile]
            PresentationContexts = Contexts
            """);
        return await DcmtkPeer.StoreScpAsync("-xf", profile, "Profile");
    }

    /// <summary>A system that has one object, and sends it as it stands in a file.</summary>
    private static FakePacs Archive(string file)
    {
        var pacs = FakePacs.Start(new FakePacsSettings { Sends = _ => SopInstance.OpenAsync(file) });
        var header = TestObjects.Ct("1.2.3.4");
        pacs.Objects.Add(header, header);
        return pacs;
    }

    private Task<TestGateway> StartAsync(FakePacs archive, DcmtkPeer workstation, string options) => TestGateway.StartAsync(ScpConfig.With(
        $"""
        {ScuGateway.Toml(archive.Port, _folder.PathOf("dimse"))}
        [dicom.destinations.workstation]
        ae_title = "WORKSTATION"
        host = "127.0.0.1"
        port = {workstation.Port}
        """,
        $"storage_dir = \"{_folder.PathOf("dimse")}\"\n{options}"));

    private static Task<DcmtkResult> RunAsync(TestGateway gateway, string program, params string[] arguments)
        => DcmtkPeer.RunAsync(program, ["-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString(), .. arguments]);

    /// <summary>The object that arrived has the pixels of the one that was compressed, as DCMTK decodes them.</summary>
    private async Task AssertArrivedAsync(string plain, string arrived, string syntax)
    {
        var file = await DicomFile.OpenAsync(arrived);
        Assert.Equal(("1.2.3.4", syntax), (file.DataSet.GetString(DicomTag.SOPInstanceUID), file.TransferSyntax.Keyword));
        var reverse = syntax switch { nameof(TransferSyntax.JPEGLSLossless) => "dcmdjpls", nameof(TransferSyntax.RLELossless) => "dcmdrle", _ => "dcmconv" };
        var decoded = _folder.PathOf("decoded.dcm");
        (await DcmtkPeer.RunAsync(reverse, arrived, decoded)).Succeeded();
        Assert.Equal(await TestObjects.PixelsOfAsync(plain), await TestObjects.PixelsOfAsync(decoded));
    }
}
