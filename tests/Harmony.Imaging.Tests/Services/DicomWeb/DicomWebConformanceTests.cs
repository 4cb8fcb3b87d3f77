using System.Net;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>Examples of the public Harmony Proxy do what their comments say, but for their ports and addresses.</summary>
public sealed class DicomWebConformanceTests
{
    [OrthancWebFact(Shared = "conformance/examples/dicomweb")]
    public async Task Dicomweb_QidoAndWadoWithPolicies()
    {
        await using var pacs = await OrthancPeer.StartAsync("ORTHANC");
        await ImportAsync(pacs);
        await using var gateway = await StartAsync("dicomweb", ("4242", $"{pacs.DicomPort}"));
        using var client = TestClient.Http1(gateway.Url);

        using var studies = await client.GetAsync("/dicomweb/studies?PatientID=P-1", Guard.Token);
        using var instance = await client.GetAsync("/dicomweb/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3", Guard.Token);
        using var delete = await client.DeleteAsync("/dicomweb/studies", Guard.Token);

        Assert.Equal("application/dicom+json", studies.Content.Headers.ContentType!.ToString());
        Assert.Equal("1.2.3.1", (string)JsonNode.Parse(await studies.Content.ReadAsStringAsync())![0]!["0020000D"]!["Value"]![0]!);
        Assert.Equal("multipart/related", instance.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, delete.StatusCode);
        for (var i = 0; i < 20; i++) using (await client.GetAsync("/dicomweb/studies", Guard.Token)) { }
        using var limited = await client.GetAsync("/dicomweb/studies", Guard.Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode); // 20 in a minute
    }

    [OrthancWebFact(Shared = "conformance/examples/dicom_to_dicomweb")]
    public async Task DicomToDicomweb_BridgesAssociations()
    {
        await using var server = await OrthancPeer.StartAsync(new OrthancSettings { DicomWeb = true });
        await using var gateway = await StartAsync("dicom_to_dicomweb", ("8042", $"{server.Url.Port}"));
        await using var association = await new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "BRIDGE_SCP", "TEST"),
            [ContextProposal.For(Uid.VerificationSOPClass), ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel),
                ContextProposal.For(Uid.CTImageStorage)]);

        await association.EchoAsync();
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.3"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        var found = new List<DicomDataSet>();
        var keys = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID, "P-1").Set(DicomTag.StudyInstanceUID).Build();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, keys)) found.Add(match);

        Assert.Equal("1.2.3.1", Assert.Single(found).GetString(DicomTag.StudyInstanceUID));
        Assert.Equal(1, await server.CountAsync());
    }

    [PeerFact(OrthancPeer.Program, Shared = "conformance/examples/fhir_dicom")]
    public async Task FhirDicom_FlattensWhatWasFound()
    {
        await using var pacs = await OrthancPeer.StartAsync("ORTHANC");
        await ImportAsync(pacs);
        await using var gateway = await StartAsync("fhir_dicom", ("4242", $"{pacs.DicomPort}"));
        using var client = TestClient.Http1(gateway.UrlOf("default"));

        using var response = await client.GetAsync("/fhir/ImagingStudy?patient=P-1", Guard.Token);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("Bundle", (string)JsonNode.Parse(text)!["resourceType"]!);
        Assert.Contains("1.2.3.1", text, StringComparison.Ordinal);
    }

    private static async Task ImportAsync(OrthancPeer pacs)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-conformance-");
        await pacs.ImportAsync(await TestObjects.WriteAsync(folder.FullName, "1.2.3.3"));
        folder.Delete(recursive: true);
    }

    private static async Task<TestGateway> StartAsync(string example, params (string From, string To)[] changes)
    {
        var root = SharedFolder.PathOf($"conformance/examples/{example}");
        string Changed(string file) => changes.Aggregate(File.ReadAllText(file), (text, c) => text.Replace(c.From, c.To, StringComparison.Ordinal))
            .Replace("\"0.0.0.0\"", "\"127.0.0.1\"", StringComparison.Ordinal).Replace("log_to_file = true", "log_to_file = false", StringComparison.Ordinal)
            .Replace("path = \"./tmp\"", $"path = \"{Path.Combine(Path.GetTempPath(), $"harmony-conf-{Guid.NewGuid():N}")}\"", StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "config.toml")
            .ToDictionary(f => Path.GetRelativePath(root, f), Changed);
        return await TestGateway.StartAsync(Changed(Path.Combine(root, "config.toml")), files);
    }
}
