using System.Net;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Web.Multipart;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>A real PACS, asked by DICOMweb twice: its own, and ours in front of its DIMSE port.</summary>
public sealed class OrthancBridgeTests
{
    private const string Study = "1.2.3.1";
    private const string Series = "studies/1.2.3.1/series/1.2.3.2";

    /// <summary>
    /// What both say of an entity and ours says in another way, with the reason. Entities, and all other attributes, are to be the same.
    /// </summary>
    private static readonly Dictionary<string, string> Otherwise = new()
    {
        ["00080005"] = "PS3.18 §8.8.3.2: JSON is UTF-8, and says so",
        ["00081190"] = "PS3.18 §8.3: each shows its own address",
        ["00080054"] = "PS3.4 table C.4-1: whom a DIMSE client retrieves from is nothing to a client of DICOMweb",
    };

    /// <summary>Searches that its own DICOMweb answers in another way, with the reason for ours.</summary>
    private static readonly Dictionary<string, string> Searched = new()
    {
        ["StudyInstanceUID=1.2.3.1%5C9.9"] = "PS3.4 §C.2.2.2.2: a list of UIDs has backslashes between; its own finds nothing",
    };

    /// <summary>The same searches to both, more than 300: the same entities, and the same values of what both give.</summary>
    [OrthancWebFact]
    public async Task Searches_find_what_its_own_DICOMweb_finds()
    {
        await using var pacs = await StartAsync(12);
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);
        using var own = TestClient.Http1(new Uri(pacs.Url, "dicom-web/"));
        string[] paths =
        [
            "studies", "studies/1.2.3.1/series", $"{Series}/instances", "studies/1.2.3.1/instances", "series", "instances", "studies/9.9/series",
            "studies/9.9/instances",
        ];
        string[] queries =
        [
            "", "PatientID=P-1", "00100020=P-1", "PatientID=P*", "PatientID=NOBODY", "PatientName=Test*", "PatientName=*object*", "StudyDate=20240102",
                "StudyDate=20240101-20240103", "StudyDate=-20231231",
            "StudyDate=20240102-", "StudyInstanceUID=1.2.3.1", "SeriesInstanceUID=1.2.3.2", "SOPInstanceUID=1.2.3.3.1", "Modality=CT", "Modality=MR",
                "InstanceNumber=1",
            "limit=2", "limit=2&offset=1", "includefield=00081030", "includefield=StudyDescription,00100040&PatientID=P-1", "fuzzymatching=false&limit=101",
            "PatientID=P?1", "PatientID=P-1&StudyDate=20240102", "PatientID=P-1&StudyDate=20230102", "PatientID=", "AccessionNumber=", "StudyDescription=",
            "StudyInstanceUID=1.2.3.1,9.9",
            "StudyInstanceUID=1.2.3.1%5C9.9", "StudyInstanceUID=9.9", "includefield=00080060", "includefield=00081030,00080060,00080090,00100030",
            "includefield=PatientBirthDate",
            "includefield=ReferringPhysicianName&includefield=00100040", "PatientID=P-1&includefield=PatientID", "limit=50&offset=0", "limit=1",
            "offset=1&limit=5", "PatientName=NOBODY*",
            "PatientSex=", "StudyID=",
        ];
        var (compared, requests) = (0, 0);
        var differences = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            foreach (var query in queries)
            {
                // What is an attribute of a lower level is refused by ours (400), where its own finds nothing.
                if (IsBelow(path, query)) continue;
                var theirs = await FoundAsync(own, $"{path}?{query}");
                var ours = await FoundAsync(gateway.Client, $"{path}?{query}");
                requests++;
                if (Searched.ContainsKey(query)) continue;
                if (query.Contains("limit", StringComparison.Ordinal))
                {
                    Assert.Equal(theirs.Count, ours.Count); // which ones is up to each
                    continue;
                }

                Assert.True(theirs.Keys.ToHashSet().SetEquals(ours.Keys), $"{path}?{query}: {theirs.Count} and {ours.Count}");
                foreach (var (uid, dataSet) in theirs)
                {
                    foreach (var (tag, value) in dataSet.Where(e => !Otherwise.ContainsKey(e.Key)))
                    {
                        if (value?["Value"] is not { } said || ours[uid][tag]?["Value"] is not { } mine) continue;
                        if (!JsonNode.DeepEquals(said, mine)) differences.Add($"{path}?{query}: {tag} {said.ToJsonString()} {mine.ToJsonString()}");
                        compared++;
                    }
                }
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(requests > 300 && compared > 5000, $"{requests} requests, {compared} values compared");
    }

    [OrthancWebFact]
    public async Task Objects_frames_and_metadata_are_those_of_its_own_DICOMweb()
    {
        await using var pacs = await StartAsync(3);
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);
        using var own = TestClient.Http1(new Uri(pacs.Url, "dicom-web/"));
        foreach (var path in new[] { $"studies/{Study}", Series, $"{Series}/instances/1.2.3.3.1" })
        {
            var theirs = await ObjectsAsync(own, path);
            var ours = await ObjectsAsync(gateway.Client, path);
            Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
            Assert.All(theirs, t => Assert.Equal(Pixels(t.Value), Pixels(ours[t.Key])));
            var metadata = await gateway.JsonAsync($"{path}/metadata");
            Assert.Equal(theirs.Count, metadata.Count);
        }

        var frame = await BytesAsync(own, $"{Series}/instances/1.2.3.3.2/frames/1");
        Assert.Equal(frame, await BytesAsync(gateway.Client, $"{Series}/instances/1.2.3.3.2/frames/1"));
    }

    [OrthancWebFact]
    public async Task What_is_stored_is_there()
    {
        await using var pacs = await StartAsync(0);
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);

        using var response = await gateway.StoreAsync($"studies/{Study}", null,
            [.. await Task.WhenAll(Enumerable.Range(1, 5).Select(i => WebGateway.FileOf(TestObjects.Ct($"1.2.3.3.{i}"))))]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, await pacs.CountAsync());
    }

    /// <summary>Orthanc as a client of ours, over its own plug-in: it searches, retrieves and stores.</summary>
    [OrthancWebFact]
    public async Task Orthanc_as_a_client()
    {
        await using var pacs = await StartAsync(2);
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);
        await using var client = await StartAsync(0);
        await client.PutAsync("dicom-web/servers/harmony", new { Url = gateway.BaseUrl });

        var found = await client.PostAsync("dicom-web/servers/harmony/qido", new { Uri = "/studies", Arguments = new { PatientID = "P-1" } });
        await client.PostAsync("dicom-web/servers/harmony/retrieve", new { Resources = new[] { new { Study } } });

        Assert.Single(found!.AsArray());
        Assert.Equal(2, await client.CountAsync());
        var more = await client.ImportAsync(await TestObjects.WriteAsync(Directory.CreateTempSubdirectory("harmony-stow-test-").FullName, "1.2.3.3.77"));
        await client.PostAsync("dicom-web/servers/harmony/stow", new { Resources = new[] { more } });
        Assert.Equal(3, await pacs.CountAsync());
    }

    private static bool IsBelow(string path, string query) => query.Split('=')[0] switch
    {
        "SeriesInstanceUID" or "Modality" => path == "studies",
        "SOPInstanceUID" or "InstanceNumber" => !path.EndsWith("instances", StringComparison.Ordinal),
        _ => false,
    };

    private static async Task<OrthancPeer> StartAsync(int objects)
    {
        var pacs = await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "PACS", DicomWeb = true });
        var folder = Directory.CreateTempSubdirectory("harmony-orthanc-test-");
        for (var i = 1; i <= objects; i++) await pacs.ImportAsync(await TestObjects.WriteAsync(folder.FullName, $"1.2.3.3.{i}", pixels: 4096));
        folder.Delete(recursive: true);
        return pacs;
    }

    private static async Task<Dictionary<string, JsonObject>> FoundAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom+json");
        using var response = await client.SendAsync(request, Guard.Token);
        var text = await response.Content.ReadAsStringAsync(Guard.Token);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        var all = response.StatusCode == HttpStatusCode.NoContent ? [] : JsonNode.Parse(text)!.AsArray();
        return all.Cast<JsonObject>().ToDictionary(d => (string)(d["00080018"] ?? d["0020000E"] ?? d["0020000D"])!["Value"]![0]!);
    }

    private static async Task<Dictionary<string, DicomFile>> ObjectsAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        using var response = await client.SendAsync(request, Guard.Token);
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        var reader = new PartReader(await response.Content.ReadAsStreamAsync(), boundary);
        var all = new Dictionary<string, DicomFile>();
        while (await reader.NextAsync(default) is { } part)
        {
            using var content = new MemoryStream();
            await part.Content.CopyToAsync(content);
            var file = DicomFile.Read(content.ToArray());
            all.Add(file.DataSet.GetString(DicomTag.SOPInstanceUID)!, file);
        }

        return all;
    }

    private static async Task<byte[]> BytesAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Guard.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        var part = await new PartReader(await response.Content.ReadAsStreamAsync(), boundary).NextAsync(default);
        using var content = new MemoryStream();
        await part!.Content.CopyToAsync(content);
        return content.ToArray();
    }

    private static byte[] Pixels(DicomFile file) => file.DataSet.TryGet<DicomValue>(DicomTag.PixelData, out var pixels) ? pixels.Bytes.ToArray() : [];
}
