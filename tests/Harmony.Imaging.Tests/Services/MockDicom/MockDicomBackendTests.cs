using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.MockDicom;

public sealed class MockDicomBackendTests : IAsyncLifetime
{
    private const string Study = "1.2.826.0.1.3680043.9.7133.3280065491876470";

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-mock-").FullName;
    private TestGateway _gateway = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _gateway = await BackendConfig.StartAsync($"""
            [backends.b]
            service = "mock_dicom"
            options.aet = "ORTHANC"
            options.storage_dir = "{_folder}"
            """);
        _client = TestClient.Http1(_gateway.Url);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Echo_SaysWhoItIs()
    {
        var answer = await AskAsync("/dicom/echo", "");
        Assert.Equal("""{"operation":"echo","success":true,"remote_aet":"ORTHANC","host":"localhost","port":4242}""", answer.ToJsonString());
    }

    /// <summary>
    /// Identifiers as users write them: raw DICOM JSON, the wrapper, the override, keys by keyword, several values, levels said and inferred.
    /// </summary>
    [Theory]
    [InlineData("{}", 1)]
    [InlineData("""{"00100020":{"vr":"LO","Value":["PID156695"]}}""", 1)]
    [InlineData("""{"PatientID":{"Value":["PID156695"]},"PatientName":{"vr":"PN","Value":[{"Alphabetic":"doe*"}]}}""", 1)]
    [InlineData("""{"00100020":{"vr":"LO","Value":["someone else"]}}""", 0)]
    [InlineData(
        """{"command":{"message_id":1},"identifier":{"00100020":{"vr":"LO","Value":["PID156695"]}},"query_metadata":{"00100020":{"match_type":"EXACT"}}}""", 1)]
    [InlineData("""{"identifier":{"00100020":{"vr":"LO","Value":["PID156695"]}},"dimse_identifier":{"00100020":{"vr":"LO","Value":["someone else"]}}}""", 0)]
    [InlineData("""{"00080052":{"vr":"CS","Value":["SERIES"]},"00080060":{"vr":"CS","Value":["CT"]}}""", 3)]
    [InlineData("""{"0020000E":{"vr":"UI"}}""", 3)]
    [InlineData("""{"0020000E":{"vr":"UI","Value":["1.2.826.0.1.3680043.9.7133.3280065491876470.1","1.2.826.0.1.3680043.9.7133.3280065491876470.3"]}}""", 2)]
    [InlineData("""{"00080018":{"vr":"UI"},"00200013":{"vr":"IS","Value":[2]}}""", 3)]
    public async Task Find_AnswersToTheIdentifier(string identifier, int matches)
    {
        var answer = await AskAsync("/dicom/find", identifier);
        Assert.Equal(["operation", "success", "matches"], answer.Select(m => m.Key));
        Assert.Equal(("find", true, matches), (answer["operation"]!.ToString(), (bool)answer["success"]!, answer["matches"]!.AsArray().Count));
    }

    /// <summary>As curl sends it when nobody tells it the type.</summary>
    [Fact]
    public async Task Find_JsonCalledAForm_IsJson()
    {
        using var answer =
            await _client.PostAsync("/find", new StringContent("""{"PatientID":{"Value":["PID*"]}}""", null, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Find_Match_IsDicomJsonOfTheKeys()
    {
        var answer = await AskAsync("/find", """{"00100010":{"vr":"PN"},"StudyDescription":{},"00201208":{"vr":"IS"}}""");
        Assert.Equal(
            "{\"00080052\":{\"vr\":\"CS\",\"Value\":[\"STUDY\"]},\"00081030\":{\"vr\":\"LO\",\"Value\":[\"Mock CT Study\"]},"
            + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe^John\"}]},\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + Study
                + "\"]},\"00201208\":{\"vr\":\"IS\",\"Value\":[15]}}",
            answer["matches"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData("/get", """{"0020000D":{"vr":"UI","Value":["1.2.826.0.1.3680043.9.7133.3280065491876470"]}}""", "get", 15)]
    [InlineData("/move", """{"00100020":{"vr":"LO","Value":["PID156695"]}}""", "move", 15)]
    [InlineData("/", """{"0020000E":{"vr":"UI","Value":["1.2.826.0.1.3680043.9.7133.3280065491876470.2"]}}""", "get", 5)]
    public async Task Retrieve_PutsFilesIntoAFolderOfItsOwn(string path, string identifier, string operation, int count)
    {
        var answer = await AskAsync(path, identifier);
        Assert.Equal(["operation", "success", "instances", "folder_id", "file_count", "folder_path"], answer.Select(m => m.Key));
        Assert.Equal((operation, count, count), (answer["operation"]!.ToString(), (int)answer["file_count"]!, answer["instances"]!.AsArray().Count));
        Assert.Equal(Path.Combine(_folder, answer["folder_id"]!.ToString()), answer["folder_path"]!.ToString());
        foreach (var instance in answer["instances"]!.AsArray())
        {
            var uid = instance!["00080018"]!["Value"]![0]!.ToString();
            var file = await DicomFile.OpenAsync(Path.Combine(answer["folder_path"]!.ToString(), uid + ".dcm"));
            Assert.Equal((uid, 16), (file.DataSet.GetString(DicomTag.SOPInstanceUID), file.DataSet.GetInt32(DicomTag.Rows)));
        }
    }

    [Fact]
    public async Task Retrieve_Nothing_Is404()
    {
        using var answer = await _client.PostAsync("/get", new StringContent("""{"0020000D":{"vr":"UI","Value":["1.2.3"]}}"""));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("""{"operation":"get","success":false,"error":"Study not found"}""", await answer.Content.ReadAsStringAsync());
        Assert.Empty(Directory.EnumerateDirectories(_folder));
    }

    [Theory]
    [InlineData("""{"00100020":"PID156695"}""")]
    [InlineData("[1,2]")]
    [InlineData("""{"identifier":[]}""")]
    [InlineData("""{"00080052":{"vr":"CS","Value":["FRAME"]}}""")]
    [InlineData("""{"00020010":{"vr":"UI","Value":["1.2"]}}""")]
    [InlineData("not json")]
    public async Task Find_WhatIsNoIdentifier_Is400(string body)
    {
        using var answer = await _client.PostAsync("/find", new StringContent(body, null, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<JsonObject> AskAsync(string path, string body)
    {
        using var answer = await _client.PostAsync(path, new StringContent(body, null, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
