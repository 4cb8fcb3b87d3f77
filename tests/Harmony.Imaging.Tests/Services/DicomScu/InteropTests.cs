using System.Text.Json.Nodes;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>HTTP → DIMSE → a real PACS → HTTP: everything, against DCMTK's and Orthanc.</summary>
public sealed class InteropTests
{
    private const string Study = """{"StudyInstanceUID":{"Value":["1.5"]}}""";

    [DcmtkFact]
    public async Task Dcmqrscp_AnswersEverything()
    {
        var port = FreePort.Take();
        await using var pacs = await DcmtkPeer.QueryRetrieveScpAsync("PACS", ("HARMONY_SCU", port));
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        await EverythingAsync(gateway);
    }

    [OrthancFact]
    public async Task Orthanc_AnswersEverything()
    {
        var port = FreePort.Take();
        await using var pacs = await OrthancPeer.StartAsync("PACS", ("HARMONY_SCU", port));
        await using var gateway = await ScuGateway.StartAsync(pacs.DicomPort, $"incoming_store_port = {port}\npersistent_store_scp = true");
        await EverythingAsync(gateway);
        Assert.Equal(3, await pacs.CountAsync());
    }

    [DcmtkFact]
    public async Task Dcmqrscp_OfAnotherTitle_RejectsUs()
    {
        await using var pacs = await DcmtkPeer.QueryRetrieveScpAsync("PACS");
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, aet: "OTHER");
        var (status, answer) = await gateway.AskAsync("/echo");
        Assert.Equal(500, status);
        Assert.Contains("rejected", answer["error"]!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Both ways: what is moved comes in over TLS, too.</summary>
    [OrthancFact]
    public async Task Orthanc_OverTls_AnswersEverything()
    {
        var folder = Directory.CreateTempSubdirectory("harmony-tls-");
        try
        {
            var files = new DicomTlsFiles(folder.FullName);
            var port = FreePort.Take();
            await using var pacs =
                await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "PACS", Modalities = [("HARMONY_SCU", port)], Tls = files.Orthanc });
            await using var gateway =
                await ScuGateway.StartAsync(pacs.DicomPort, $"incoming_store_port = {port}\n[backends.b.options.tls]\n{files.Destination}");
            await EverythingAsync(gateway);
            Assert.Equal(3, await pacs.CountAsync());
            await using var plain = await ScuGateway.StartAsync(pacs.DicomPort, "artim_secs = 2");
            Assert.Equal(500, (await plain.AskAsync("/echo")).Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The first target is not there, the second is Orthanc; its moves go on at once, for it tells which is which.</summary>
    [OrthancFact]
    public async Task Orthanc_BehindADeadTarget_AnswersEverything()
    {
        var port = FreePort.Take();
        await using var pacs = await OrthancPeer.StartAsync("PACS", ("HARMONY_SCU", port));
        await using var gateway =
            await ScuGateway.SharingAsync([FreePort.Take(), pacs.DicomPort], $"incoming_store_port = {port}\nhealth_check = {{ interval_secs = 1 }}");
        await EverythingAsync(gateway);
        var moves = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gateway.AskAsync("/move", Study)));
        Assert.All(moves, m => Assert.Equal((200, 3), (m.Status, (int)m.Answer["file_count"]!)));
        await Guard.UntilAsync(() => gateway.Gateway.Log.Has(2101) || gateway.Gateway.Log.Has(2102)); // by its failures, or by its checks
    }

    /// <summary>DCMTK's storescp with TLS, which asks for a certificate of ours.</summary>
    [DcmtkFact]
    public async Task Storescp_OverTls_TakesAnObject()
    {
        var folder = Directory.CreateTempSubdirectory("harmony-tls-");
        try
        {
            var files = new DicomTlsFiles(folder.FullName);
            await using var pacs = await DcmtkPeer.StoreScpAsync(files.Dcmtk);
            await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"[backends.b.options.tls]\n{files.Destination}");
            var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")));
            Assert.True(status == 200, answer.ToJsonString() + pacs.Output);
            Assert.Single(Directory.GetFiles(pacs.Folder));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task EverythingAsync(ScuGateway gateway)
    {
        Assert.True((bool)(await OkAsync(gateway, "/echo", ""))["success"]!);

        var objects = ObjectContent.Related(
            await ObjectContent.FileAsync("1.5.1.1"), await ObjectContent.FileAsync("1.5.1.2", TransferSyntax.ImplicitVRLittleEndian),
            await ObjectContent.FileAsync("1.5.1.3", TransferSyntax.ExplicitVRBigEndian));
        var (status, stored) = await gateway.AskAsync("/store", objects);
        Assert.True(status == 200, stored.ToJsonString());
        Assert.Equal(3, (int)stored["stored"]!);

        var found = await OkAsync(gateway, "/find", """{"PatientID":{"Value":["PAT*"]},"PatientName":{},"StudyInstanceUID":{}}""");
        var match = Assert.Single(found["matches"]!.AsArray())!;
        Assert.Equal(
            ("PAT1", "Doe^Jane", "1.5"), (Value(match, "00100020"), match["00100010"]!["Value"]![0]!["Alphabetic"]!.ToString(), Value(match, "0020000D")));
        Assert.Empty((await OkAsync(gateway, "/find", """{"PatientID":{"Value":["NOBODY"]}}"""))["matches"]!.AsArray());
        var images =
            """{"QueryRetrieveLevel":{"Value":["IMAGE"]},"StudyInstanceUID":{"Value":["1.5"]},"SeriesInstanceUID":{"Value":["1.5.1"]},"SOPInstanceUID":{}}""";
        Assert.Equal(3, (await OkAsync(gateway, "/find", images))["matches"]!.AsArray().Count);
        var patient = Assert.Single((await OkAsync(gateway, "/find",
            """{"QueryRetrieveLevel":{"Value":["PATIENT"]},"PatientID":{},"PatientName":{"Value":[{"Alphabetic":"Doe*"}]}}"""))["matches"]!.AsArray())!;
        Assert.Equal("PAT1", Value(patient, "00100020"));

        foreach (var operation in new[] { "get", "move" })
        {
            foreach (var (identifier, count) in new[] { (Study, 3), ("""{"PatientID":{"Value":["PAT1"]}}""", 3),
                ("""{"StudyInstanceUID":{"Value":["1.5"]},"SeriesInstanceUID":{"Value":["1.5.1"]},"SOPInstanceUID":{"Value":["1.5.1.2"]}}""", 1) })
            {
                var retrieved = await OkAsync(gateway, "/" + operation, identifier);
                Assert.Equal((operation, count), (retrieved["operation"]!.ToString(), (int)retrieved["file_count"]!));
                foreach (var file in Directory.GetFiles(retrieved["folder_path"]!.ToString()))
                {
                    Assert.Equal("PAT1", (await DicomFile.OpenAsync(file)).DataSet.GetString(Harmony.Dicom.Data.DicomTag.PatientID));
                }
            }

            Assert.Equal(404, (await gateway.AskAsync("/" + operation, """{"StudyInstanceUID":{"Value":["1.6"]}}""")).Status);
        }
    }

    private static async Task<JsonObject> OkAsync(ScuGateway gateway, string path, string body)
    {
        var (status, answer) = await gateway.AskAsync(path, body);
        Assert.True(status == 200, $"{path}: {answer.ToJsonString()}");
        return answer;
    }

    [DcmtkTheory(OrthancPeer.Program)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MaxResults_CancelsTheQuery(bool isOrthanc)
    {
        await using var orthanc = isOrthanc ? await OrthancPeer.StartAsync("PACS") : null;
        await using var dcmqrscp = isOrthanc ? null : await DcmtkPeer.QueryRetrieveScpAsync("PACS");
        await using var gateway = await ScuGateway.StartAsync(orthanc?.DicomPort ?? dcmqrscp!.Port, "max_results = 2");
        var objects = new byte[5][];
        for (var i = 0; i < objects.Length; i++) objects[i] = await ObjectContent.FileAsync($"1.5.1.{i + 1}");
        Assert.Equal(200, (await gateway.AskAsync("/store", ObjectContent.Related(objects))).Status);
        for (var i = 0; i < 2; i++) // the association can still be used
        {
            var found = await OkAsync(gateway, "/find", """{"QueryRetrieveLevel":{"Value":["IMAGE"]},"StudyInstanceUID":{"Value":["1.5"]},"SeriesInstanceUID":{"Value":["1.5.1"]},"SOPInstanceUID":{}}""");
            Assert.Equal((2, true), (found["matches"]!.AsArray().Count, (bool)found["truncated"]!));
        }
    }

    private static string Value(JsonNode match, string tag) => match[tag]!["Value"]![0]!.ToString();
}
