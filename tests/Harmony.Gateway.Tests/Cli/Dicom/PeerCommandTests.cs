using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Gateway.Tests.Cli.Dicom;

/// <summary>The commands that ask a system, against one in this process and against DCMTK's <c>dcmqrscp</c>.</summary>
public sealed class PeerCommandTests
{
    [DcmtkFact]
    public async Task Commands_AgainstDcmqrscp_DoWhatTheySay()
    {
        var port = FreePort.Take();
        await using var pacs = await DcmtkPeer.QueryRetrieveScpAsync("PACS", ("HARMONY", port));
        using var folder = new ConfigFolder();
        for (var i = 1; i <= 6; i++) await SaveAsync(folder, $"in/{i}.dcm", $"1.2.1.{i}");
        folder.Write("in/readme.txt", "no object");
        var peer = $"PACS@127.0.0.1:{pacs.Port}";

        var echo = await CommandLine.RunAsync(folder, "dicom", "echo", peer);
        Assert.True(echo.ExitCode == 0, echo.Error);
        Assert.StartsWith($"{peer} answers (", echo.Output, StringComparison.Ordinal);

        // One association: dcmqrscp's processes lose entries of their index to each other.
        var store = await CommandLine.RunAsync(folder, "dicom", "store", peer, "FOLDER/in", "--parallel", "1");
        Assert.Equal((0, "", $"6 stored at {peer}, 0 failed, 1 skipped because they are not DICOM objects\n"), (store.ExitCode, store.Error, store.Output));

        var find = await CommandLine.RunAsync(folder, "dicom", "find", peer, "-k", "PatientID=PAT*", "-k", "PatientName");
        Assert.True(find.ExitCode == 0, find.Error);
        Assert.Contains(find.Lines, l => l.Contains("Doe^Jane", StringComparison.Ordinal) && l.Contains("PAT1", StringComparison.Ordinal));
        Assert.Equal("1 match", find.Lines[^1]);
        var json = await CommandLine.RunAsync(folder, "dicom", "find", peer, "--level", "IMAGE", "--json", "-k", "StudyInstanceUID=1.2", "-k",
            "SeriesInstanceUID=1.2.1", "-k", "SOPInstanceUID");
        Assert.Equal(6, JsonNode.Parse(json.Output)!.AsArray().Count);

        var get = await CommandLine.RunAsync(folder, "dicom", "get", peer, "-k", "StudyInstanceUID=1.2", "--out", "FOLDER/got");
        Assert.Equal((0, "6 objects to got\n"), (get.ExitCode, get.Output.Replace(folder.Path + "/", "", StringComparison.Ordinal)));
        Assert.Equal(6, Directory.GetFiles(Path.Combine(folder.Path, "got"), "*.dcm").Length);

        var move = await CommandLine.RunAsync(folder, "dicom", "move", peer, "-k", "StudyInstanceUID=1.2", "--port", $"{port}", "--bind", "127.0.0.1", "--out",
            "FOLDER/moved", "--json");
        Assert.Equal((0, 6), (move.ExitCode, (int)JsonNode.Parse(move.Output)!["completed"]!));
        Assert.Equal(6, Directory.GetFiles(Path.Combine(folder.Path, "moved"), "*.dcm").Length);

        var unknown = await CommandLine.RunAsync(folder, "dicom", "move", peer, "-k", "StudyInstanceUID=1.2", "--to", "NOBODY");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("A801", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("find")]
    [InlineData("get")]
    [InlineData("move")]
    public async Task Peer_Dead_IsOneLineAndExitCode1(string command)
    {
        var peer = $"PACS@127.0.0.1:{FreePort.Take()}";
        string[] keys = command == "echo" ? [] : ["-k", "StudyInstanceUID=1.2"];
        var run = await CommandLine.RunAsync(["dicom", command, peer, .. keys]);
        Assert.Equal((1, "", 1), (run.ExitCode, run.Output, run.ErrorLines.Count));
        Assert.StartsWith(peer + ": ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_SomeFail_ListsThemAndIsExitCode1()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.OutOfResources, "disk full") });
        using var folder = new ConfigFolder();
        for (var i = 1; i <= 3; i++) await SaveAsync(folder, $"in/{i}.dcm", $"1.2.1.{i}");
        folder.Write("named.txt", "no object");
        var run = await CommandLine.RunAsync(folder, "dicom", "store", $"PACS@127.0.0.1:{pacs.Port}", "FOLDER/in", "FOLDER/named.txt", "FOLDER/missing");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("0 stored at ", run.Output, StringComparison.Ordinal);
        Assert.Equal(["in/1.dcm", "in/2.dcm", "in/3.dcm", "missing", "named.txt"], run.ErrorLines.Select(l => l.Split(':')[0]));
        Assert.EndsWith("status A700 out of resources: disk full", run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_Parallel_UsesSoManyAssociations()
    {
        await using var pacs = FakePacs.Start();
        using var folder = new ConfigFolder();
        for (var i = 1; i <= 40; i++) await SaveAsync(folder, $"in/{i}.dcm", $"1.2.1.{i}");
        var run = await CommandLine.RunAsync(folder, "dicom", "store", $"PACS@127.0.0.1:{pacs.Port}", "FOLDER/in", "--parallel", "4", "--json");
        Assert.Equal((0, 40), (run.ExitCode, (int)JsonNode.Parse(run.Output)!["stored"]!));
        Assert.Equal((40, true), (pacs.Objects.Count, pacs.Accepted is > 1 and <= 4));
    }

    [Theory]
    [InlineData("'PatientIdd=1' does not begin with a keyword or tag of the standard", "find", "PACS@h:1", "-k", "PatientIdd=1")]
    [InlineData("'PACS' is not of the form AET@host:port", "echo", "PACS")]
    [InlineData("'FRAME' is not PATIENT, STUDY, SERIES or IMAGE", "find", "PACS@h:1", "--level", "FRAME")]
    [InlineData("say what to retrieve", "get", "PACS@h:1")]
    public async Task CommandLine_NotUnderstood_SaysWhatIsWrong(string said, params string[] args)
    {
        var run = await CommandLine.RunAsync(["dicom", .. args]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    internal static async Task SaveAsync(ConfigFolder folder, string name, string instance)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var dataSet = new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, instance)
            .Set(DicomTag.PatientID, "PAT1")
            .Set(DicomTag.PatientName, "Doe^Jane").Set(DicomTag.StudyInstanceUID, "1.2").Set(DicomTag.SeriesInstanceUID, "1.2.1").Set(DicomTag.Modality, "CT")
            .Set(DicomTag.Rows, 16).Set(DicomTag.Columns, 16).Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[512])).Build();
        await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
    }
}
