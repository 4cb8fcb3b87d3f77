using Harmony.Imaging.Services.DicomScu.Retrieved;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Imaging.Tests.Services.DicomScu.Retrieved;

public sealed class RetrievedFoldersTests : IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    private readonly TestTimeProvider _clock = new();
    private readonly string _root = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task TimeIsUp_IsDeletedWithItsMark()
    {
        var id = await LeaveAsync();
        _clock.Advance(Keep - TimeSpan.FromSeconds(1));
        Assert.Equal((0, null), Folders().Sweep());
        Assert.True(Directory.Exists(Path.Combine(_root, id)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, null), Folders().Sweep());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    /// <summary>A retrieval takes as long as it takes, and so does who reads its answer.</summary>
    [Fact]
    public async Task InUse_Stays_AndItsTimeBeginsAfterwards()
    {
        var id = Guid.CreateVersion7().ToString();
        var mark = (await Folders().MarkAsync(id))!;
        Directory.CreateDirectory(Path.Combine(_root, id));
        _clock.Advance(Keep * 3);
        Assert.Equal((0, null), Folders().Sweep());
        Folders().Leave(mark);
        Assert.Equal((0, null), Folders().Sweep());
        _clock.Advance(Keep);
        Assert.Equal((1, null), Folders().Sweep());
    }

    /// <summary>A process that was killed lets go of its mark, which says enough.</summary>
    [Theory]
    [InlineData("2026-03-01T12:59:59.0000000+00:00", true)]
    [InlineData("2026-03-01T13:00:01.0000000+00:00", false)]
    [InlineData("", false)]
    [InlineData("2026-03-01T1", false)]
    public async Task MarkOfAnEarlierRun_Counts(string mark, bool isDeleted)
    {
        var id = Guid.NewGuid().ToString();
        await File.WriteAllTextAsync(Path.Combine(_root, $".{id}.expires"), mark);
        Directory.CreateDirectory(Path.Combine(_root, id));
        _clock.Advance(Keep);
        Folders().Sweep();
        Assert.Equal(!isDeleted, Directory.Exists(Path.Combine(_root, id)));
        _clock.Advance(Keep);
        Folders().Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public async Task WhatIsNotOurs_Stays()
    {
        const string Past = "2000-01-01T00:00:00.0000000+00:00";
        var outside = Directory.CreateDirectory(Path.Combine(_root, "..", $"{Path.GetFileName(_root)}-outside"));
        try
        {
            foreach (var folder in new[] { "mine", Guid.CreateVersion7().ToString(), Guid.NewGuid().ToString("N") })
                Directory.CreateDirectory(Path.Combine(_root, folder));
            foreach (var mark in new[] { ".mine.expires", "..expires", ".expires", $".{outside.Name}.expires",
                $".{Guid.NewGuid().ToString().ToUpperInvariant()}.expires" })
            {
                await File.WriteAllTextAsync(Path.Combine(_root, mark), Past);
            }

            // A link with the name of a retrieval goes; what it leads to stays.
            var id = Guid.NewGuid().ToString();
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "kept"), "");
            Directory.CreateSymbolicLink(Path.Combine(_root, id), outside.FullName);
            await File.WriteAllTextAsync(Path.Combine(_root, $".{id}.expires"), Past);
            Folders().Sweep();
            Assert.Equal(3, Directory.GetDirectories(_root).Length);
            Assert.True(File.Exists(Path.Combine(outside.FullName, "kept")));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    /// <summary>A mark that nobody holds, of a folder that somebody has taken away: it would be read at each sweep for a day.</summary>
    [Fact]
    public async Task MarkWithoutAFolder_IsDeleted()
    {
        var id = await LeaveAsync();
        Directory.Delete(Path.Combine(_root, id), recursive: true);
        Assert.Equal((0, null), Folders().Sweep());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    /// <summary>
    /// What holds the folders cannot be read for a while: sweeping goes on, and ends without an exception, so that all else of the backend is let go of.
    /// </summary>
    [Fact]
    public async Task RootThatCannotBeRead_IsSweptWhenItCanBeReadAgain()
    {
        var root = Path.Combine(_root, "dimse");
        var folders = new RetrievedFolders(root, Keep, _clock);
        await File.WriteAllTextAsync(root, ""); // a file where the folder was
        var sweeper = new RetrievedSweeper(new RetrievedFolders($"{root}/below", Keep, _clock), _clock, NullLogger.Instance);
        sweeper.Start();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await sweeper.DisposeAsync();
        Assert.Equal((0, null), folders.Sweep()); // no folder yet
    }

    [Fact]
    public async Task KeptForEver_HasNoMark()
    {
        Assert.Null(await new RetrievedFolders(_root, TimeSpan.Zero, _clock).MarkAsync(Guid.NewGuid().ToString()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    /// <summary>The whole way: the folder is there while the answer is and for its time, then it is gone; a new configuration goes on with it.</summary>
    [Theory]
    [InlineData("get", true)]
    [InlineData("move", true)]
    [InlineData("get", false)]
    public async Task Retrieval_IsClearedUp(string operation, bool isKeptForATime)
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway =
            await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}\nretrieved_keep_secs = {(isKeptForATime ? 3600 : 0)}", clock: _clock);
        var (_, answer) = await gateway.AskAsync($"/{operation}", """{"StudyInstanceUID":{"Value":["1.2"]}}""");
        var folder = answer["folder_path"]!.ToString();
        if (!isKeptForATime)
        {
            Assert.Equal([folder], Directory.GetFileSystemEntries(gateway.Folder));
            return;
        }

        Assert.Equal(2, Directory.GetFileSystemEntries(gateway.Folder).Length);
        for (var i = 0; i < 59; i++) _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Directory.Exists(folder));
        await Guard.UntilAsync(() => Directory.GetFileSystemEntries(gateway.Folder).Length == 0, () => _clock.Advance(TimeSpan.FromMinutes(1)));
        await gateway.Gateway.Log.FirstAsync(3106);
    }

    private RetrievedFolders Folders() => new(_root, Keep, _clock);

    private async Task<string> LeaveAsync()
    {
        var id = Guid.CreateVersion7().ToString();
        var mark = (await Folders().MarkAsync(id))!;
        Directory.CreateDirectory(Path.Combine(_root, id));
        await File.WriteAllTextAsync(Path.Combine(_root, id, "1.2.dcm"), "");
        Folders().Leave(mark);
        return id;
    }
}
