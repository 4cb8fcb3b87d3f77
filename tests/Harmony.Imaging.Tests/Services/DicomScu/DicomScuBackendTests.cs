using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Query;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

public sealed class DicomScuBackendTests
{
    [Fact]
    public async Task Echo_AnswersAsDocumented()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/dicom/echo", "");
        Assert.Equal(200, status);
        Assert.Equal($$"""{"operation":"echo","success":true,"remote_aet":"PACS","host":"127.0.0.1","port":{{pacs.Port}}}""", answer.ToJsonString());
    }

    [Theory]
    [InlineData("""{"PatientID":{"Value":["PAT*"]},"PatientName":{}}""", "STUDY", 1)]
    [InlineData("""{"dimse_identifier":{"0020000E":{"vr":"UI"}}}""", "SERIES", 2)]
    [InlineData("""{"identifier":{"0020000D":{"vr":"UI","Value":["1.2","1.9"]},"00080018":{"vr":"UI"}}}""", "IMAGE", 4)]
    [InlineData("""{"00080052":{"vr":"CS","Value":["PATIENT"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Müll*"}]}}""", "PATIENT", 1)]
    public async Task Find_AnswersAsDocumented(string body, string level, int matches)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/find", body);
        Assert.Equal((200, "find", true), (status, answer["operation"]!.ToString(), (bool)answer["success"]!));
        Assert.Equal(["operation", "success", "matches"], answer.Select(m => m.Key));
        Assert.Equal(matches, answer["matches"]!.AsArray().Count);
        var asked = Assert.Single(pacs.Identifiers);
        Assert.Equal(level, asked.GetString(DicomTag.QueryRetrieveLevel));
        Assert.True(QueryLevels.TryParse(level, out var at));
        Assert.All(answer["matches"]!.AsArray(), m => Assert.NotNull(m![at.UniqueKey().ToHex()]!["Value"]));
    }

    [Theory]
    [InlineData("/get", """{"StudyInstanceUID":{"Value":["1.2"]}}""", "get", 4)]
    [InlineData("/get", """{"StudyInstanceUID":{"Value":["1.2"]},"SeriesInstanceUID":{"Value":["1.2.1","1.2.2"]}}""", "get", 4)]
    [InlineData("/get", """{"SOPInstanceUID":{"Value":["1.2.2.1"]}}""", "get", 1)]
    [InlineData("/get", """{"PatientID":{"Value":["PAT1"]}}""", "get", 4)]
    [InlineData("/anything", """{"PatientName":{"Value":[{"Alphabetic":"M*"}]}}""", "get", 4)]
    [InlineData("/move", """{"StudyInstanceUID":{"Value":["1.2"]}}""", "move", 4)]
    [InlineData("/move", """{"StudyInstanceUID":{"Value":["1.2"]},"SeriesInstanceUID":{"Value":["1.2.1"]}}""", "move", 2)]
    [InlineData("/move", """{"PatientID":{"Value":["PAT1"]}}""", "move", 4)]
    public async Task Retrieve_BringsObjectsIntoAFolder(string path, string body, string operation, int count)
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        var (status, answer) = await gateway.AskAsync(path, body);
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(["operation", "success", "instances", "folder_id", "file_count", "folder_path"], answer.Select(m => m.Key));
        Assert.Equal((operation, count, count), (answer["operation"]!.ToString(), (int)answer["file_count"]!, answer["instances"]!.AsArray().Count));
        var folder = Path.Combine(gateway.Folder, answer["folder_id"]!.ToString());
        Assert.Equal(folder, answer["folder_path"]!.ToString());
        Assert.Equal(count, Directory.GetFileSystemEntries(folder).Length);
        foreach (var instance in answer["instances"]!.AsArray())
        {
            var uid = instance!["00080018"]!["Value"]![0]!.ToString();
            Assert.Equal("Müller^Jörg", instance["00100010"]!["Value"]![0]!["Alphabetic"]!.ToString());
            Assert.Equal(uid, (await DicomFile.OpenAsync(Path.Combine(folder, uid + ".dcm"))).DataSet.GetString(DicomTag.SOPInstanceUID));
        }
    }

    /// <summary>A key that the other side would not heed decides nevertheless what is retrieved.</summary>
    [Theory]
    [InlineData("""{"StudyInstanceUID":{"Value":["1.2"]},"PatientID":{"Value":["someone else"]}}""")]
    [InlineData("""{"StudyInstanceUID":{"Value":["1.3"]}}""")]
    public async Task Retrieve_Nothing_Is404(string body)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        foreach (var operation in new[] { "get", "move" })
        {
            var (status, answer) = await gateway.AskAsync("/" + operation, body);
            Assert.Equal((404, $$"""{"operation":"{{operation}}","success":false,"error":"Study not found"}"""), (status, answer.ToJsonString()));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(gateway.Folder));
    }

    [Fact]
    public async Task Retrieve_WithoutAnyValue_Is400()
    {
        await using var gateway = await ScuGateway.StartAsync(1);
        using var answer = await gateway.BeginAsync("/get", """{"StudyInstanceUID":{}}""", Guard.Token);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Retrieve_AnObjectFails_IsAFailureThatTellsWhatCame()
    {
        // It is of a class that nobody knows, whatever a query says.
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings
        {
            Sends = o => ValueTask.FromResult(SopInstance.Of(
                o.GetString(DicomTag.SOPInstanceUID) == "1.2.2.2" ? o.ToBuilder().Set(DicomTag.SOPClassUID, "1.2.3.4").Build() : o,
                TransferSyntax.ExplicitVRLittleEndian)),
        });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/get", """{"StudyInstanceUID":{"Value":["1.2"]}}""");
        Assert.Equal(2, pacs.Gets); // the second for what was missing
        Assert.Equal((500, false, 3), (status, (bool)answer["success"]!, (int)answer["file_count"]!));
        Assert.StartsWith("1 objects could not be retrieved", answer["error"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_OneObject_Streams()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")));
        Assert.Equal(200, status);
        Assert.Equal(
            """{"operation":"store","success":true,"stored":1,"failed":0,"results":[{"sop_class_uid":"1.2.840.10008.5.1.4.1.1.2","sop_instance_uid":"1.5.1.1","success":true,"status":"0x0000"}]}""",
            answer.ToJsonString());
        Assert.Equal("Doe^Jane", pacs.Objects.Select(QueryLevel.Image, DicomDataSet.Empty).Single().Header.GetString(DicomTag.PatientName));
    }

    /// <summary>Each has its result; one that the other side takes nothing of does not keep the others back.</summary>
    [Fact]
    public async Task Store_SeveralObjects_HaveAResultEach()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var content = ObjectContent.Related(
            await ObjectContent.FileAsync("1.5.1.1"), await ObjectContent.FileAsync("1.5.1.2", TransferSyntax.ImplicitVRLittleEndian),
            await ObjectContent.FileAsync("1.5.1.3", TransferSyntax.DeflatedExplicitVRLittleEndian));
        var (status, answer) = await gateway.AskAsync("/store", content);
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal((3, 0), ((int)answer["stored"]!, (int)answer["failed"]!));
        Assert.Equal(["1.5.1.1", "1.5.1.2", "1.5.1.3"], answer["results"]!.AsArray().Select(r => r!["sop_instance_uid"]!.ToString()));
        Assert.Equal(3, pacs.Objects.Count);
    }

    [Fact]
    public async Task Store_Refused_TellsStatusAndComment()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.OutOfResources, "disk full") });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync("/store",
            ObjectContent.Related(await ObjectContent.FileAsync("1.5.1.1"), await ObjectContent.FileAsync("1.5.1.2")));
        Assert.Equal((500, false, "2 of 2 objects were not stored"), (status, (bool)answer["success"]!, answer["error"]!.ToString()));
        Assert.All(answer["results"]!.AsArray(),
            r => Assert.Equal(("0xA700", "status A700 out of resources: disk full"), (r!["status"]!.ToString(), r["error"]!.ToString())));
        await gateway.Gateway.Log.FirstAsync(3101);
    }

    [Theory]
    [InlineData("application/dicom", "hello")]
    [InlineData("application/dicom", "")]
    [InlineData("multipart/related", "--a\r\n")]
    [InlineData("multipart/related; boundary=a", "--a\r\n\r\nhello")]
    public async Task Store_NoObject_Is400(string contentType, string body)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("content-type", contentType);
        using var client = TestClient.Http1(gateway.Gateway.Url);
        using var answer = await client.PostAsync("/store", content);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(0, pacs.Objects.Count);
    }
}
