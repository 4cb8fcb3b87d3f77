using System.Net.Sockets;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Gateway.Tests.Cli.Dicom.Serving;

/// <summary><c>harmony dicom serve</c>, against DCMTK's clients.</summary>
public sealed class ServeCommandTests
{
    [DcmtkFact]
    public async Task Serve_AnswersDcmtk()
    {
        await using var destination = await DcmtkPeer.StoreScpAsync("-aet", "ELSEWHERE");
        using var folder = new ConfigFolder();
        await PeerCommandTests.SaveAsync(folder, "images/a.dcm", "1.2.1.1");
        await PeerCommandTests.SaveAsync(folder, "more/b.dcm", "1.2.1.2");
        var port = FreePort.Take();
        await using var server = HarmonyProcess.Start(folder.Path,
            ["dicom", "serve", "images", "--aet", "TRIAL", "--port", $"{port}", "--peer", $"ELSEWHERE@127.0.0.1:{destination.Port}"]);
        await server.WaitForAsync($"TRIAL serves 1 objects of {Path.Combine(folder.Path, "images")} on 127.0.0.1:{port}. Press Ctrl-C to stop it.");
        string[] peer = ["-aec", "TRIAL", "127.0.0.1", $"{port}"];

        (await DcmtkPeer.RunAsync("echoscu", peer)).Succeeded();
        Assert.NotEqual(0, (await DcmtkPeer.RunAsync("echoscu", "-aec", "OTHER", "127.0.0.1", $"{port}")).ExitCode);
        (await DcmtkPeer.RunAsync("storescu", [.. peer, Path.Combine(folder.Path, "more/b.dcm")])).Succeeded();
        Assert.True(File.Exists(Path.Combine(folder.Path, "images/1.2.1.2.dcm")));

        var found = (await DcmtkPeer.RunAsync("findscu",
            ["-S", .. peer, "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=PAT*", "-k", "StudyInstanceUID", "-k",
                "NumberOfStudyRelatedInstances"])).Succeeded();
        Assert.Contains("UI [1.2\0]", found.Output, StringComparison.Ordinal);
        Assert.Contains("[2 ]", found.Output, StringComparison.Ordinal);

        var got = Directory.CreateDirectory(Path.Combine(folder.Path, "got")).FullName;
        (await DcmtkPeer.RunAsync("getscu", ["-S", "-od", got, .. peer, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2"])).Succeeded();
        Assert.Equal(2, Directory.GetFiles(got).Length);

        // Without a value of the unique key everything there is would be meant.
        foreach (var key in new[] { "PatientID=PAT1", "StudyInstanceUID" })
        {
            var refused = await DcmtkPeer.RunAsync("movescu", ["-v", "-S", "-aem", "ELSEWHERE", .. peer, "-k", "QueryRetrieveLevel=STUDY", "-k", key]);
            Assert.Contains("DataSetDoesNotMatchSOPClass", refused.Output, StringComparison.Ordinal); // A900
        }

        Assert.Empty(Directory.GetFiles(destination.Folder));
        (await DcmtkPeer.RunAsync("movescu",
            ["-S", "-aem", "ELSEWHERE", .. peer, "-k", "QueryRetrieveLevel=SERIES", "-k", "StudyInstanceUID=1.2", "-k",
                "SeriesInstanceUID=1.2.1"])).Succeeded();
        Assert.Equal(2, Directory.GetFiles(destination.Folder).Length);
        // A file that has gone costs its object, and not the others.
        File.Delete(Path.Combine(folder.Path, "images/a.dcm"));
        var rest = Directory.CreateDirectory(Path.Combine(folder.Path, "rest")).FullName;
        await DcmtkPeer.RunAsync("getscu", ["-S", "-od", rest, .. peer, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2"]);
        Assert.Single(Directory.GetFiles(rest));
        foreach (var file in Directory.GetFiles(destination.Folder))
            Assert.Equal("PAT1", (await DicomFile.OpenAsync(file)).DataSet.GetString(DicomTag.PatientID));
    }

    /// <summary>A process without a file descriptor left neither burns a core nor goes deaf for good.</summary>
    [DcmtkFact]
    public async Task Serve_WithoutDescriptors_WaitsForThem()
    {
        if (!OperatingSystem.IsLinux()) return; // prlimit
        using var folder = new ConfigFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "images"));
        var port = FreePort.Take();
        await using var server = HarmonyProcess.Start(folder.Path, ["dicom", "serve", "images", "--aet", "TRIAL", "--port", $"{port}"]);
        await server.WaitForAsync("Press Ctrl-C to stop it.");
        var listening = Sockets(server.Id);
        string[] peer = ["-aec", "TRIAL", "127.0.0.1", $"{port}"];
        (await DcmtkPeer.RunAsync("echoscu", peer)).Succeeded();
        // What a lost connection needs is loaded then: assemblies take descriptors.
        for (var i = 0; i < 3; i++)
        {
            var connection = await ConnectAsync(port);
            await Guard.UntilAsync(() => Sockets(server.Id) > listening);
            connection.Dispose();
            await Guard.UntilAsync(() => Sockets(server.Id) == listening);
        }

        var limit = Directory.GetFileSystemEntries($"/proc/{server.Id}/fd").Length + 4;
        using (var prlimit = System.Diagnostics.Process.Start("prlimit", ["--pid", $"{server.Id}", $"--nofile={limit}:{limit}"]))
            await prlimit.WaitForExitAsync(Guard.Token);
        var connections = new List<Socket>();
        for (var i = 0; i < 12; i++) connections.Add(await ConnectAsync(port));
        using var process = System.Diagnostics.Process.GetProcessById(server.Id);
        var (before, watch) = (process.TotalProcessorTime, System.Diagnostics.Stopwatch.StartNew());
        await Task.Delay(1000, Guard.Token);
        process.Refresh();
        Assert.InRange((process.TotalProcessorTime - before) / watch.Elapsed, 0, 0.5);
        connections.ForEach(c => c.Dispose());
        (await DcmtkPeer.RunAsync("echoscu", peer)).Succeeded();
    }

    /// <summary>How many sockets a process has open.</summary>
    private static int Sockets(int process)
        => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
            .Count(fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, port, Guard.Token);
        return socket;
    }

    [Theory]
    [InlineData("nowhere", "0")]
    [InlineData("127.0.0.1", "70000")]
    public async Task Address_Wrong_IsExitCode1(string bind, string port)
    {
        using var folder = new ConfigFolder();
        var run = await CommandLine.RunAsync(folder, "dicom", "serve", "FOLDER/images", "--bind", bind, "--port", port);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("is no address to listen on", run.Error, StringComparison.Ordinal);
    }
}
