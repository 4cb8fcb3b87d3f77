using System.Runtime.Versioning;
using System.Text;
using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Core.Tests.Storage;

public sealed class FileSystemStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _root;

    public FileSystemStoreTests() => _root = _folder.PathOf("not/yet");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_ThenOpen_IsTheSame(bool isDurable)
    {
        using var store = new FileSystemStore(_root, isDurable);
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);
        var written = await store.WriteAsync(Name("a/b/c.bin"), new PiecewiseStream(bytes), new ObjectWrite(IfExists.Version), CancellationToken.None);
        Assert.Equal(("a/b/c.bin", 300_000, WriteOutcome.Written), (written.Name.Text, written.Length, written.Outcome));
        var found = await store.OpenAsync(written.Name, null, CancellationToken.None);
        await using var content = found!.Content;
        using var read = new MemoryStream();
        await content.CopyToAsync(read);
        Assert.Equal(bytes, read.ToArray());
        store.Dispose();
        Assert.Equal(["c.bin"], Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    /// <summary>A sender that breaks off is not a broken disk.</summary>
    [Fact]
    public async Task Write_ContentBreaksOff_IsTheSendersFailureAndLeavesNothing()
    {
        using var store = new FileSystemStore(_root, isDurable: true);
        var failure = await Assert.ThrowsAsync<IOException>(
            async ()
                => await store.WriteAsync(Name("a.bin"), new Trickle(new byte[5000], fails: true), new ObjectWrite(IfExists.Version), CancellationToken.None));
        Assert.Equal("gone", failure.Message);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root, ".incoming"), "*.part", SearchOption.AllDirectories));
    }

    /// <summary>A lock may hold on its own machine only: what another machine is writing stays, until nobody has written for an hour.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(59, 0)]
    [InlineData(61, 1)]
    public async Task CleanUp_FilesOfAnotherMachine_StayForAnHour(int minutes, int leftovers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, ".incoming", "0123")).FullName;
        await File.WriteAllTextAsync(folder + ".lock", "another-machine");
        await File.WriteAllTextAsync(Path.Combine(folder, "4567.part"), "half");
        var lastWrite = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-minutes);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "4567.part"), lastWrite);
        Directory.SetLastWriteTimeUtc(folder, lastWrite);
        using var store = new FileSystemStore(_root, isDurable: true);
        Assert.Equal(leftovers, await store.CleanUpAsync(CancellationToken.None));
        Assert.Equal(leftovers == 0, Directory.Exists(folder));
    }

    /// <summary>Names never lead out of the root, whatever has been put there; the root itself is the operator's word.</summary>
    [PlatformFact("linux", "macos")]
    public async Task Link_BelowTheRoot_IsNotFollowed()
    {
        var outside = Directory.CreateDirectory(_folder.PathOf("outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "x");
        var real = Directory.CreateDirectory(_folder.PathOf("real")).FullName;
        var root = _folder.PathOf("link-to-real");
        Directory.CreateSymbolicLink(root, real);
        Directory.CreateSymbolicLink(Path.Combine(real, "folder"), outside);
        File.CreateSymbolicLink(Path.Combine(real, "file"), Path.Combine(outside, "secret"));
        using var store = new FileSystemStore(root, isDurable: false);
        Assert.Null(await store.OpenAsync(Name("folder/secret"), null, CancellationToken.None));
        Assert.Null(await store.OpenAsync(Name("file"), null, CancellationToken.None));
        foreach (var name in new[] { "folder/new", "folder/deep/new" })
        {
            await Assert.ThrowsAsync<GatewayException>(
                async () => await store.WriteAsync(Name(name), new MemoryStream([1]), new ObjectWrite(IfExists.Version), CancellationToken.None));
        }

        Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(outside).Select(Path.GetFileName));
        await store.WriteAsync(Name("file"), new MemoryStream([1]), new ObjectWrite(IfExists.Overwrite), CancellationToken.None); // takes the place of the link
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(outside, "secret")));
        await store.WriteAsync(Name("plain/new"), new MemoryStream([1]), new ObjectWrite(IfExists.Version), CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(real, "plain", "new")));
    }

    [PlatformFact("linux", "macos")]
    [UnsupportedOSPlatform("windows")]
    public async Task Write_NewFile_IsNobodyElsesToRead()
    {
        await WriteAsync("p/x", "1", IfExists.Version);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(_root, "p", "x")) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(_root, "p")) & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
    }

    [Theory]
    [InlineData(IfExists.Version, "a~2.txt", "old,new")]
    [InlineData(IfExists.Keep, "a.txt", "old")]
    [InlineData(IfExists.Overwrite, "a.txt", "new")]
    public async Task Write_NameIsTaken_DoesAsItWasTold(IfExists ifExists, string name, string contents)
    {
        await WriteAsync("a.txt", "old", ifExists);
        Assert.Equal(name, (await WriteAsync("a.txt", "new", ifExists)).Name.Text);
        Assert.Equal(contents, string.Join(',', Directory.EnumerateFiles(_root).Order(StringComparer.Ordinal).Select(File.ReadAllText)));
    }

    [Fact]
    public async Task Write_SameContentAgain_IsThereOnce()
    {
        await WriteAsync("a.txt", "old", IfExists.Version);
        await WriteAsync("a.txt", "new", IfExists.Version);
        var again = await WriteAsync("a.txt", "new", IfExists.Version);
        Assert.Equal(("a~2.txt", WriteOutcome.WasThere), (again.Name.Text, again.Outcome));
        Assert.Equal(2, Directory.EnumerateFiles(_root).Count());
    }

    [Fact]
    public async Task Write_ManyAtOnceOfOneName_AllStay()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => WriteAsync("a.txt", $"content {i}", IfExists.Version))));
        Assert.Equal(20, Directory.EnumerateFiles(_root).Select(File.ReadAllText).Distinct().Count());
    }

    [Fact]
    public async Task Write_SenderBreaksOff_NothingIsLeft()
    {
        using var store = new FileSystemStore(_root, isDurable: false);
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => store.WriteAsync(Name("a/b"), new BreakingStream(), new ObjectWrite(IfExists.Version), CancellationToken.None).AsTask());
        Assert.Empty(Directory.EnumerateFiles(_root, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task CleanUp_LeftoversOfACrash_GoAndWhatIsBeingWrittenStays()
    {
        using var store = new FileSystemStore(_root, isDurable: false);
        await WriteAsync("whole", "1", IfExists.Version);
        Directory.CreateDirectory(Path.Combine(_root, ".incoming", "0123"));
        await File.WriteAllTextAsync(Path.Combine(_root, ".incoming", "0123.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(_root, ".incoming", "0123", "4567.part"), "half");
        using var content = new PausingStream(Encoding.UTF8.GetBytes("slowly"));
        var writing = store.WriteAsync(Name("slow"), content, new ObjectWrite(IfExists.Version), CancellationToken.None);
        await content.Reached.WaitAsync(TimeSpan.FromSeconds(30));
        using (var other = new FileSystemStore(_root, isDurable: false)) Assert.Equal(1, await other.CleanUpAsync(CancellationToken.None));
        content.Continue();
        Assert.Equal("slow", (await writing).Name.Text);
        store.Dispose();
        Assert.Equal(["slow", "whole"],
            Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("folder")]
    [InlineData("folder/missing/too")]
    public async Task Open_NoSuchObject_IsNull(string name)
    {
        await WriteAsync("folder/x", "1", IfExists.Version);
        using var store = new FileSystemStore(_root, isDurable: false);
        Assert.Null(await store.OpenAsync(Name(name), null, CancellationToken.None));
    }

    private static ObjectName Name(string text) => ObjectName.TryParse(text, out var name) ? name : throw new ArgumentException("no name", nameof(text));

    private async Task<WrittenObject> WriteAsync(string name, string content, IfExists ifExists)
    {
        using var store = new FileSystemStore(_root, isDurable: false);
        return await store.WriteAsync(Name(name), new MemoryStream(Encoding.UTF8.GetBytes(content)), new ObjectWrite(ifExists), CancellationToken.None);
    }

    /// <summary>Gives a few bytes at a time, as networks do.</summary>
    private sealed class PiecewiseStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(buffer.Length, 7001)], cancellationToken);
    }

    private sealed class BreakingStream : MemoryStream
    {
        private int _reads;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return _reads++ < 3 ? buffer.Length : throw new OperationCanceledException("the sender has gone");
        }
    }

    private sealed class PausingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _continued = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Continue() => _continued.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            await _continued.Task;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
