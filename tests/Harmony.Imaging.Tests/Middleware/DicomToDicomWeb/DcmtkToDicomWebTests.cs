using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomToDicomWeb;

/// <summary>
/// DCMTK's programs in front of <c>dicom_to_dicomweb</c>, Orthanc's DICOMweb behind it: what they find is what they find at Orthanc's own DIMSE port, and what
/// they store and retrieve keeps its bytes.
/// </summary>
public sealed class DcmtkToDicomWebTests
{
    /// <summary>Keys of each query, with and without values; Orthanc is asked for the same twice.</summary>
    private static readonly string[][] Queries =
    [
        ["STUDY", "StudyInstanceUID", "PatientName", "PatientID", "StudyDate"],
        ["STUDY", "StudyInstanceUID", "PatientName=Test*", "PatientID", "AccessionNumber", "NumberOfStudyRelatedInstances"],
        ["STUDY", "StudyInstanceUID", "PatientID=P-2", "ModalitiesInStudy", "NumberOfStudyRelatedSeries"],
        ["STUDY", "StudyInstanceUID", "PatientID=NOBODY"],
        ["STUDY", "StudyInstanceUID", "StudyDate=20240102-20240201", "PatientID"],
        ["STUDY", "StudyInstanceUID", "StudyDate=20240103-", "PatientID"],
        ["STUDY", @"StudyInstanceUID=1.2.3.1\1.2.4.1", "PatientID"],
        ["STUDY", "StudyInstanceUID=9.9", "PatientID"],
        ["SERIES", "StudyInstanceUID=1.2.3.1", "SeriesInstanceUID", "Modality", "NumberOfSeriesRelatedInstances"],
        ["SERIES", "StudyInstanceUID=1.2.4.1", "SeriesInstanceUID", "Modality=MR"],
        ["IMAGE", "StudyInstanceUID=1.2.3.1", "SeriesInstanceUID=1.2.3.2", "SOPInstanceUID", "InstanceNumber", "SOPClassUID"],
        ["IMAGE", "StudyInstanceUID=1.2.3.1", "SeriesInstanceUID=1.2.3.2", @"SOPInstanceUID=1.2.3.3.1\1.2.3.3.3", "InstanceNumber"],
    ];

    [DcmtkFact(OrthancPeer.Program, OrthancPeer.DicomWebPlugin)]
    public async Task Dcmtk_InFrontOfOrthancsDicomWeb_FindsStoresAndRetrieves()
    {
        using var folder = new TestFolder();
        await using var server = await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "ORTHANC", DicomWeb = true });
        await using var workstation = await DcmtkPeer.StoreScpAsync("+B"); // bytes as they come
        await using var gateway = await StartAsync(new Uri(server.Url, "dicom-web"), workstation.Port);
        var bridge = new Peer("BRIDGE", gateway.DicomAddress.Port);
        var direct = new Peer("ORTHANC", server.DicomPort);

        (await bridge.RunAsync("echoscu")).Succeeded();
        var sent = await ObjectsAsync(folder);
        (await bridge.RunAsync("storescu", [.. sent.Values])).Succeeded();
        Assert.Equal(sent.Count, await server.CountAsync());

        foreach (var query in Queries)
        {
            var (ours, own) = (await FindAsync(folder, bridge, query), await FindAsync(folder, direct, query));
            Assert.True(own.SequenceEqual(ours), $"{string.Join(' ', query)}: {string.Join(" | ", ours)} instead of {string.Join(" | ", own)}");
        }

        var got = Directory.CreateDirectory(folder.PathOf("got")).FullName;
        foreach (var study in new[] { "1.2.3.1", "1.2.4.1" })
        {
            string[] keys = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={study}"];
            (await bridge.RunAsync("getscu", ["+B", .. keys, "-od", got])).Succeeded();
            (await bridge.RunAsync("movescu", [.. keys, "-aem", "WORKSTATION"])).Succeeded();
        }

        await AssertKeptAsync(sent, got);
        await AssertKeptAsync(sent, workstation.Folder);
        Assert.Contains("MoveDestinationUnknown", (await bridge.RunAsync(
            "movescu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3.1", "-aem", "NOBODY")).Output, StringComparison.Ordinal);
    }

    /// <summary>Two patients; one study has a series of CT, the other one of MR as well.</summary>
    private static async Task<Dictionary<string, string>> ObjectsAsync(TestFolder folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        async Task AddAsync(DicomDataSet dataSet)
        {
            var uid = dataSet.GetString(DicomTag.SOPInstanceUID)!;
            await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(files[uid] = folder.PathOf($"{uid}.dcm"));
        }

        for (var i = 1; i <= 3; i++) await AddAsync(TestObjects.Ct($"1.2.3.3.{i}", pixels: 100_000));
        for (var i = 1; i <= 2; i++)
        {
            var isMr = i == 2;
            await AddAsync(TestObjects.Ct($"1.2.4.3.{i}", "P-2").ToBuilder().Set(DicomTag.StudyInstanceUID, "1.2.4.1")
                .Set(DicomTag.SeriesInstanceUID, isMr ? "1.2.4.3" : "1.2.4.2").Set(DicomTag.PatientName, "Other^Somebody").Set(DicomTag.StudyDate, "20240301")
                .Set(DicomTag.Modality, isMr ? "MR" : "CT").Set(DicomTag.SOPClassUID, isMr ? Uid.MRImageStorage : Uid.CTImageStorage)
                .Set(DicomTag.AccessionNumber, "A-2").Build());
        }

        return files;
    }

    /// <summary>The matches that findscu writes down: of each the values of the keys that were asked for.</summary>
    private static async Task<IReadOnlyList<string>> FindAsync(TestFolder folder, Peer peer, string[] query)
    {
        var found = Directory.CreateDirectory(folder.PathOf($"found-{Guid.NewGuid():N}")).FullName;
        string[] keys = ["-k", $"QueryRetrieveLevel={query[0]}", .. query[1..].SelectMany(k => new[] { "-k", k })];
        (await peer.RunAsync("findscu", ["-S", "-X", "-od", found, .. keys])).Succeeded();
        var tags = query[1..].Select(k => DicomTag.Parse(k.Split('=')[0])).ToList();
        var matches = new List<string>();
        foreach (var file in Directory.GetFiles(found))
        {
            var match = (await DicomFile.OpenAsync(file)).DataSet;
            matches.Add(string.Join(' ', tags.Select(t => $"{t}={(match.Contains(t) ? string.Join('\\', match.GetStrings(t)) : "absent")}")));
        }

        return [.. matches.Order(StringComparer.Ordinal)];
    }

    /// <summary>The data set of each object, to the byte: what stands before it says by whom the file was written.</summary>
    private static async Task AssertKeptAsync(Dictionary<string, string> sent, string folder)
    {
        var received = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder)) received[(await DicomFile.OpenAsync(file)).DataSet.GetString(DicomTag.SOPInstanceUID)!] = file;
        Assert.Equal(sent.Keys.Order(StringComparer.Ordinal), received.Keys.Order(StringComparer.Ordinal));
        foreach (var (uid, file) in sent)
        {
            var (before, after) = (await DataSetOfAsync(file), await DataSetOfAsync(received[uid]));
            Assert.True(before.AsSpan().SequenceEqual(after), $"{uid} has other bytes");
        }
    }

    /// <summary>What follows the meta information, whose length stands in its first element: PS3.10 §7.1.</summary>
    private static async Task<byte[]> DataSetOfAsync(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        const int FirstElement = 132;
        return bytes[(FirstElement + 12 + (int)BitConverter.ToUInt32(bytes, FirstElement + 8))..];
    }

    private static Task<TestGateway> StartAsync(Uri server, int workstation) => TestGateway.StartAsync(ScpConfig.With(
        $"""
        [middleware.to_web]
        type = "dicom_to_dicomweb"
        [dicom.destinations.workstation]
        ae_title = "WORKSTATION"
        host = "127.0.0.1"
        port = {workstation}
        [backends.b]
        service = "dicomweb"
        [backends.b.options]
        base_url = "{server.AbsoluteUri.TrimEnd('/')}"
        """,
        "local_aet = \"BRIDGE\"", "\"to_web\""));

    /// <summary>Whom DCMTK's programs call.</summary>
    private sealed record Peer(string AeTitle, int Port)
    {
        public Task<DcmtkResult> RunAsync(string program, params string[] arguments)
            => DcmtkPeer.RunAsync(program, ["-aec", AeTitle, "127.0.0.1", Port.ToString(), .. arguments]);
    }
}
