using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>C-GET and C-MOVE of DCMTK, with the answers of backends that hold objects.</summary>
public sealed class RetrieveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    private string Work => Path.Combine(_folder, "dimse");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkTheory]
    [InlineData("folder", 3)]
    [InlineData("multipart", 3)]
    [InlineData("object", 1)]
    [InlineData("nothing", 0)]
    public async Task Get_EveryShapeOfAnswer_BringsItsObjects(string shape, int expected)
    {
        await using var gateway = await StartAsync(new ScriptedBackend((request, _) => AnswerAsync(request, shape)));
        var received = Directory.CreateDirectory(Path.Combine(_folder, "received")).FullName;
        var result = await DcmtkPeer.RunAsync("getscu", "-v", "-S", "-aec", "HARMONY_SCP", "-od", received, "-k", "QueryRetrieveLevel=STUDY", "-k",
            "StudyInstanceUID=1.2.3.1", "127.0.0.1", Port(gateway));
        result.Succeeded();
        var objects = Directory.EnumerateFiles(received).Select(f => DicomFile.Read(File.ReadAllBytes(f)).DataSet.GetString(DicomTag.SOPInstanceUID))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(1, expected).Select(i => $"1.2.3.{i}"), objects);
        await gateway.StopAsync(Guard.Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Work)); // what was kept for it is gone
    }

    [DcmtkFact]
    public async Task Get_FolderOfSomebodyElse_IsNotSent()
    {
        var secret = Directory.CreateDirectory(Path.Combine(_folder, "secret")).FullName;
        await TestObjects.WriteAsync(secret, "1.2.3.9");
        await using var gateway = await StartAsync(ScriptedBackend.Answering(JsonSerializer.Serialize(new
        {
            success = true,
            folder_path = Path.Combine(Work, "..", "secret"), file_count = 1
        })));
        var result = await DcmtkPeer.RunAsync("getscu", "-d", "-S", "-aec", "HARMONY_SCP", "-od", _folder, "-k", "QueryRetrieveLevel=STUDY", "-k",
            "StudyInstanceUID=1.2.3.1", "127.0.0.1", Port(gateway));
        Assert.Contains("a701", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(Path.Combine(secret, "1.2.3.9.dcm")));
        Assert.Contains("is no folder of a retrieval", (await gateway.Log.FirstAsync(3004)).Message, StringComparison.Ordinal);
    }

    /// <summary>What a backend names is deleted after it is sent: nothing but the folder of a retrieval may be, however near it is.</summary>
    [DcmtkTheory]
    [InlineData("archive", false)]
    [InlineData("0198a2b0-6f5e-7c1e-9d3b-2a4c5e6f7a8b", false)]
    [InlineData("archive", true)]
    [InlineData("0198a2b0-6f5e-7c1e-9d3b-2a4c5e6f7a8b/inner", true)]
    [InlineData(".", true)]
    public async Task Get_FolderThatIsNoRetrieval_IsNeitherSentNorDeleted(string name, bool isMarked)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Work, name)).FullName;
        await TestObjects.WriteAsync(folder, "1.2.3.9");
        if (isMarked) await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.expires"), "");
        await using var gateway = await StartAsync(ScriptedBackend.Answering(JsonSerializer.Serialize(new
        {
            success = true,
            folder_path = Path.Combine(Work, name), file_count = 1
        })));
        var result = await DcmtkPeer.RunAsync("getscu", "-d", "-S", "-aec", "HARMONY_SCP", "-od", _folder, "-k", "QueryRetrieveLevel=STUDY", "-k",
            "StudyInstanceUID=1.2.3.1", "127.0.0.1", Port(gateway));
        Assert.Contains("a701", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(Path.Combine(folder, "1.2.3.9.dcm")));
    }

    /// <summary>Nothing to retrieve is success, with no sub-operations: PS3.4 §C.4.2.3.1. A801 would send people to the table of AE titles.</summary>
    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task GetAndMove_OfWhatIsNotThere_SucceedWithoutSubOperations(int status)
    {
        await using var gateway = await StartAsync(
            new ScriptedBackend((request, _) => ValueTask.FromResult(ScriptedBackend.Json(request, """{"operation":"get","success":false,"error":"Study not found"}""", status))),
            $$"""aet_table.STORE = { host = "127.0.0.1", port = {{FreePort.Take()}} }""");
        var contexts = new[] { ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel),
            ContextProposal.For(Uid.MOVEStudyRootQueryRetrieveInformationModel) };
        await using var association = await new DicomClient()
            .ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "T"), contexts, Guard.Token);
        var study = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.StudyInstanceUID, "9.9.9").Build();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, study, new NoObjects(), ct: Guard.Token);
        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, study, "STORE", ct: Guard.Token);
        Assert.All([got, moved], r => Assert.Equal((DimseStatus.Success, 0, 0), (r.Result.Status, r.SubOperations.Completed, r.SubOperations.Failed)));
    }

    [DcmtkTheory]
    [InlineData("endpoint")]
    [InlineData("destinations")]
    [InlineData("peer")]
    public async Task Move_KnownDestination_GetsTheObjects(string where)
    {
        await using var store = await DcmtkPeer.StoreScpAsync("-v");
        var (options, tables) = where switch
        {
            "endpoint" => ($$"""aet_table.STORE = { host = "127.0.0.1", port = {{store.Port}} }""", ""),
            "destinations" => ("", $"[dicom.destinations.archive]\nae_title = \"STORE\"\nhost = \"127.0.0.1\"\nport = {store.Port}"),
            _ => ("", $$"""peers.archive = { ae_title = "STORE", connection = { host = "127.0.0.1", port = {{store.Port}}, protocol = "dicom" } }"""),
        };
        var backend = new ScriptedBackend((request, _) => AnswerAsync(request, "folder"));
        await using var gateway = await StartAsync(backend, options, tables);
        (await MoveAsync(gateway, "STORE")).Succeeded();
        Assert.Equal(3, Directory.EnumerateFiles(store.Folder).Count());
        Assert.Equal(("C-MOVE", "STORE"), (backend.Metadata["operation"], backend.Metadata["move_destination"]));
    }

    [DcmtkFact]
    public async Task Move_UnknownDestination_IsA801AndTheBackendIsNotAsked()
    {
        var asked = false;
        await using var gateway = await StartAsync(new ScriptedBackend((request, _) =>
        {
            asked = true;
            return AnswerAsync(request, "folder");
        }));
        Assert.Contains("a801", (await MoveAsync(gateway, "NOBODY")).Output, StringComparison.OrdinalIgnoreCase);
        Assert.False(asked);
        await gateway.Log.FirstAsync(3011);
    }

    [DcmtkFact]
    public async Task Move_DestinationThatIsNotThere_IsA702()
    {
        await using var gateway = await StartAsync(
            new ScriptedBackend((request, _) => AnswerAsync(request, "folder")), $$"""aet_table.STORE = { host = "127.0.0.1", port = {{FreePort.Take()}} }""");
        Assert.Contains("a702", (await MoveAsync(gateway, "STORE")).Output, StringComparison.OrdinalIgnoreCase);
        await gateway.Log.FirstAsync(3012);
    }

    private static string Port(TestGateway gateway) => gateway.DicomAddress.Port.ToString();

    private static Task<DcmtkResult> MoveAsync(TestGateway gateway, string destination)
        => DcmtkPeer.RunAsync("movescu", "-d", "-S", "-aec", "HARMONY_SCP", "-aem", destination, "-k", "QueryRetrieveLevel=STUDY", "-k",
            "StudyInstanceUID=1.2.3.1", "127.0.0.1", Port(gateway));

    private Task<TestGateway> StartAsync(ScriptedBackend backend, string options = "", string tables = "")
    {
        Directory.CreateDirectory(Work);
        return TestGateway.StartAsync(tables + "\n" + ScpConfig.With(ScriptedBackend.Toml, $"storage_dir = \"{Work}\"\n{options}"), extra: backend);
    }

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, string shape)
    {
        if (shape == "nothing") return ScriptedBackend.Json(request, """{"operation":"get","success":true,"instances":[],"file_count":0}""");
        var folder = Directory.CreateDirectory(Path.Combine(Work, Guid.NewGuid().ToString())).FullName;
        var files = new List<string>();
        for (var i = 1; i <= 3; i++) files.Add(await TestObjects.WriteAsync(folder, $"1.2.3.{i}"));
        if (shape == "folder")
        {
            await File.WriteAllTextAsync(Path.Combine(Work, $".{Path.GetFileName(folder)}.expires"), "");
            return ScriptedBackend.Json(request,
                JsonSerializer.Serialize(new
                {
                    operation = "get", success = true, instances = new[] { new { } }, folder_id = "1", file_count = 3,
                    folder_path = folder
                }));
        }

        var body = shape == "object" ? await File.ReadAllBytesAsync(files[0]) : await MultipartAsync(files);
        Directory.Delete(folder, recursive: true);
        var response = new ResponseEnvelope(request, 200) { Body = Body.FromBytes(body) };
        response.Headers.Add("content-type", shape == "object" ? "application/dicom" : "multipart/related; type=\"application/dicom\"; boundary=\"b-1\"");
        return response;
    }

    private static async Task<byte[]> MultipartAsync(IEnumerable<string> files)
    {
        using var body = new MemoryStream();
        foreach (var file in files)
        {
            body.Write("--b-1\r\nContent-Type: application/dicom\r\n\r\n"u8);
            body.Write(await File.ReadAllBytesAsync(file));
            body.Write("\r\n"u8);
        }

        body.Write("--b-1--\r\n"u8);
        return body.ToArray();
    }

    private sealed class NoObjects : IStoreHandler
    {
        public ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct) => throw new InvalidOperationException("an object");
    }
}
