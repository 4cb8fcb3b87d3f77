using System.Text;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Harmony.Testing;

namespace Harmony.Data.Tests.Services.Storage;

/// <summary>What every store does, whatever it keeps objects in.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    private protected IObjectStore Store { get; private set; } = null!;

    /// <summary>Whether the store decides by itself who of several writers at the same moment is first.</summary>
    private protected virtual bool IsAtomic => true;

    /// <summary>Whether listings are in order; all servers but small ones for tests see to that.</summary>
    private protected virtual bool IsInOrder => true;

    /// <summary>More bytes than a store sends at once.</summary>
    private protected virtual int ManyBytes => 9 * 1024 * 1024;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public async Task DisposeAsync()
    {
        Store.Dispose();
        await CloseAsync();
    }

    private protected abstract Task<IObjectStore> OpenAsync();

    private protected virtual Task CloseAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("a")]
    [InlineData("P-1/1.2.840.10008/1.2.3~2.dcm")]
    [InlineData("odd/a b+c&d=e%20f@g,h/ü'(x)!*;$/山田.json")]
    public async Task Write_ThenOpen_IsTheSame(string name)
    {
        var written = await WriteAsync(name, "hello");
        Assert.Equal((name, 5L, WriteOutcome.Written), (written.Name.Text, written.Length, written.Outcome));
        Assert.Equal("hello", await ReadAsync(name));
        var stat = await StatAsync(name);
        Assert.Equal((5L, written.ETag), (stat!.Length, stat.ETag));
        Assert.Equal([name], await ListAsync(""));
    }

    [Fact]
    public async Task Write_NothingAtAll_IsAnEmptyObject()
    {
        await WriteAsync("empty", "");
        Assert.Equal(0, (await StatAsync("empty"))!.Length);
        Assert.Equal("", await ReadAsync("empty"));
    }

    [Fact]
    public async Task Write_LargeAndOfUnknownLength_IsTheSame()
    {
        var bytes = Bytes(ManyBytes);
        var written = await Store.WriteAsync(Name("large.bin"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token);
        Assert.Equal(bytes.Length, written.Length);
        Assert.Equal(bytes, await ReadBytesAsync("large.bin", null));
        Assert.Equal(bytes[^10..], await ReadBytesAsync("large.bin", new ByteRange(bytes.Length - 10, 10)));
    }

    [Theory]
    [InlineData(0, 1, "0")]
    [InlineData(3, 4, "3456")]
    [InlineData(9, 1, "9")]
    [InlineData(0, 10, "0123456789")]
    public async Task Open_Part_IsThatPartOfTheWhole(long start, long length, string expected)
    {
        await WriteAsync("digits", "0123456789");
        var opened = await Store.OpenAsync(Name("digits"), new ByteRange(start, length), Guard.Token);
        await using var content = opened!.Content;
        Assert.Equal(expected, await new StreamReader(content).ReadToEndAsync());
        Assert.Equal(10, opened.Stat.Length);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("folder")]
    [InlineData("folder/missing/too")]
    public async Task NoSuchObject_IsNull(string name)
    {
        await WriteAsync("folder/x", "1");
        Assert.Null(await Store.OpenAsync(Name(name), null, Guard.Token));
        Assert.Null(await StatAsync(name));
        Assert.False(await Store.DeleteAsync(Name(name), Guard.Token));
        Assert.Null(await Store.CopyAsync(Name(name), Name("copy"), IfExists.Overwrite, Guard.Token));
    }

    [Theory]
    [InlineData(IfExists.Version, "a~2.txt", WriteOutcome.Written, "old", "new")]
    [InlineData(IfExists.Keep, "a.txt", WriteOutcome.WasThere, "old", null)]
    [InlineData(IfExists.Overwrite, "a.txt", WriteOutcome.Written, "new", null)]
    [InlineData(IfExists.Refuse, "a.txt", WriteOutcome.Refused, "old", null)]
    public async Task Write_NameIsTaken_DoesAsItWasTold(IfExists ifExists, string name, WriteOutcome outcome, string first, string? second)
    {
        await WriteAsync("a.txt", "old");
        var written = await WriteAsync("a.txt", "new", new ObjectWrite(ifExists));
        Assert.Equal((name, outcome), (written.Name.Text, written.Outcome));
        Assert.Equal(first, await ReadAsync("a.txt"));
        Assert.Equal(second, await ReadAsync("a~2.txt"));
    }

    [Fact]
    public async Task Write_SameContentAgain_IsThereOnce()
    {
        await WriteAsync("a.txt", "old");
        await WriteAsync("a.txt", "new");
        var again = await WriteAsync("a.txt", "new");
        Assert.Equal(("a~2.txt", WriteOutcome.WasThere), (again.Name.Text, again.Outcome));
        Assert.Equal(["a.txt", "a~2.txt"], await ListAsync(""));
    }

    /// <summary>However large: who sends an image again, because no response came, does not make a second one of it.</summary>
    [Fact]
    public async Task Write_SameLargeContentAgain_IsThereOnce()
    {
        var bytes = Bytes(ManyBytes);
        await Store.WriteAsync(Name("large"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token);
        var again = await Store.WriteAsync(Name("large"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token);
        Assert.Equal(("large", WriteOutcome.WasThere), (again.Name.Text, again.Outcome));
        bytes[^1]++;
        var other = await Store.WriteAsync(Name("large"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token);
        Assert.Equal(("large~2", WriteOutcome.Written), (other.Name.Text, other.Outcome));
        Assert.Equal(bytes, await ReadBytesAsync("large~2", null));
    }

    [Fact]
    public async Task Write_IfMatch_ReplacesOnlyWhatTheClientKnows()
    {
        Assert.Equal(WriteOutcome.Refused, (await WriteAsync("a", "1", IfMatch("*"))).Outcome);
        var first = await WriteAsync("a", "1");
        var second = await WriteAsync("a", "22", IfMatch($"\"other\", {first.ETag}"));
        Assert.Equal(WriteOutcome.Written, second.Outcome);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(WriteOutcome.Refused, (await WriteAsync("a", "333", IfMatch(first.ETag))).Outcome);
        Assert.Equal("22", await ReadAsync("a"));
    }

    [Theory]
    [InlineData(IfExists.Version, 8)]
    [InlineData(IfExists.Refuse, 1)]
    public async Task Write_ManyAtOnceOfOneName_NoneIsLost(IfExists ifExists, int expected)
    {
        if (!IsAtomic) return;
        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => WriteAsync("a.txt", $"content {i}", new ObjectWrite(ifExists)))));
        Assert.Equal(expected, written.Count(w => w.Outcome == WriteOutcome.Written));
        Assert.Equal(expected, (await ListAsync("")).Count);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(8_500_000)]
    public async Task Write_SenderBreaksOff_ItsExceptionPassesAndNothingIsLeft(int after)
    {
        foreach (var failure in new Exception[] { new IOException("gone"), new OperationCanceledException("gone"),
            new GatewayException(FaultSource.Client, FaultKind.TooLarge, "gone") })
        {
            var thrown = await Record.ExceptionAsync(
                async () => await Store.WriteAsync(Name("x/y"), new Pieces(Bytes(after), failure), new ObjectWrite(IfExists.Version), Guard.Token));
            Assert.Same(failure, thrown);
        }

        Assert.Empty(await ListAsync(""));
        Assert.Null(await StatAsync("x/y"));
    }

    [Fact]
    public async Task Overwrite_ReaderOfTheOldOne_ReadsOn()
    {
        await WriteAsync("a", "old");
        var opened = await Store.OpenAsync(Name("a"), null, Guard.Token);
        await using var content = opened!.Content;
        await WriteAsync("a", "newer", new ObjectWrite(IfExists.Overwrite));
        Assert.Equal("old", await new StreamReader(content).ReadToEndAsync());
        Assert.Equal("newer", await ReadAsync("a"));
    }

    [Fact]
    public async Task ContentType_IsKeptAndFollowsFromTheNameOtherwise()
    {
        await WriteAsync("a.json", "{}");
        await WriteAsync("b", "x", new ObjectWrite(IfExists.Version) { ContentType = "text/csv; charset=utf-8" });
        await Store.CopyAsync(Name("b"), Name("c"), IfExists.Overwrite, Guard.Token);
        Assert.Equal(("application/json", "text/csv; charset=utf-8"), ((await StatAsync("a.json"))!.ContentType, (await StatAsync("b"))!.ContentType));
        Assert.Equal("text/csv; charset=utf-8", (await StatAsync("c"))!.ContentType);
        await WriteAsync("b", "other", new ObjectWrite(IfExists.Overwrite));
        Assert.Equal("application/octet-stream", (await StatAsync("b"))!.ContentType);
    }

    [Fact]
    public async Task List_ByPrefix_IsInTheOrderOfNames()
    {
        string[] names = ["a", "a.b/x", "a0", "b/1", "b/10", "b/2/x", "b/2/y", "b/2.z", "bc"];
        foreach (var name in names.Where(n => n != "a").Append("a-").Reverse()) await WriteAsync(name, name);
        Assert.Equal(["a-", "a.b/x", "a0", "b/1", "b/10", "b/2.z", "b/2/x", "b/2/y", "bc"], await ListAsync(""));
        Assert.Equal(["b/1", "b/10", "b/2.z", "b/2/x", "b/2/y"], await ListAsync("b/"));
        Assert.Equal(["b/1", "b/10"], await ListAsync("b/1"));
        Assert.Equal(["b/2/y", "bc"], await ListAsync("b", "b/2/x"));
        Assert.Equal(["b/2/x", "b/2/y"], await ListAsync("b/2/", "b/2.z"));
        Assert.Empty(await ListAsync("none/"));
        foreach (var outside in new[] { "../", "/", "a/../", ".incoming/", ".types/" }) Assert.Empty(await ListAsync(outside));
    }

    [Fact]
    public async Task Delete_ThenWrite_IsANewObject()
    {
        var first = await WriteAsync("a/b", "1");
        Assert.True(await Store.DeleteAsync(Name("a/b"), Guard.Token));
        Assert.Null(await StatAsync("a/b"));
        Assert.Empty(await ListAsync(""));
        Assert.Equal("a/b", (await WriteAsync("a/b", "22")).Name.Text);
        Assert.NotEqual(first.ETag, (await StatAsync("a/b"))!.ETag);
    }

    [Fact]
    public async Task Copy_KeepsBothAndDoesAsItWasTold()
    {
        await WriteAsync("a", "1");
        Assert.Equal(WriteOutcome.Written, (await Store.CopyAsync(Name("a"), Name("b/c"), IfExists.Refuse, Guard.Token))!.Value.Outcome);
        Assert.Equal(WriteOutcome.Refused, (await Store.CopyAsync(Name("a"), Name("b/c"), IfExists.Refuse, Guard.Token))!.Value.Outcome);
        Assert.Equal(WriteOutcome.WasThere, (await Store.CopyAsync(Name("a"), Name("b/c"), IfExists.Version, Guard.Token))!.Value.Outcome);
        Assert.Equal(("1", "1"), (await ReadAsync("a"), await ReadAsync("b/c")));
    }

    [Fact]
    public async Task CleanUp_NothingIsLeft_FindsNothing()
    {
        await WriteAsync("a", "1");
        Assert.Equal(0, await Store.CleanUpAsync(Guard.Token));
        Assert.Equal("1", await ReadAsync("a"));
    }

    private protected static ObjectName Name(string text)
        => ObjectName.TryParse(text, out var name) ? name : throw new ArgumentException("no name", nameof(text));

    private protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static ObjectWrite IfMatch(string tags) => new(IfExists.Overwrite) { IfMatch = tags };

    private protected async Task<WrittenObject> WriteAsync(string name, string content, ObjectWrite? how = null)
        => await Store.WriteAsync(Name(name), new MemoryStream(Encoding.UTF8.GetBytes(content)), how ?? new ObjectWrite(IfExists.Version), Guard.Token);

    private protected async Task<ObjectStat?> StatAsync(string name) => await Store.StatAsync(Name(name), Guard.Token);

    private protected async Task<string?> ReadAsync(string name) => await ReadBytesAsync(name, null) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private protected async Task<IReadOnlyList<string>> ListAsync(string prefix, string after = "")
    {
        var names = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, after, Guard.Token)) names.Add(found.Name.Text);
        return IsInOrder ? names : [.. names.Order(StringComparer.Ordinal)];
    }

    private protected async Task<byte[]?> ReadBytesAsync(string name, ByteRange? range)
    {
        if (await Store.OpenAsync(Name(name), range, Guard.Token) is not { } opened) return null;
        await using var content = opened.Content;
        using var read = new MemoryStream();
        await content.CopyToAsync(read, Guard.Token);
        return read.ToArray();
    }

    /// <summary>A sender of unknown length that gives a few bytes at a time, and may break off at its end.</summary>
    private protected sealed class Pieces(byte[] bytes, Exception? failure = null) : AsyncReadStream
    {
        private int _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (_at == bytes.Length && failure is not null) throw failure;
            var count = Math.Min(Math.Min(buffer.Length, 70_001), bytes.Length - _at);
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
