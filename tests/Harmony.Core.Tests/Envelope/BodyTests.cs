using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Envelope;

public class BodyTests
{
    [Fact]
    public void OpenStream_OfTheWire_WorksOnce()
    {
        var wire = new ChunkStream([1, 2, 3]);
        var body = Body.FromStream(wire, 3);
        Assert.Same(wire, body.OpenStream());
        Assert.False(body.IsBuffered);
        Assert.Throws<InvalidOperationException>(() => body.OpenStream());
    }

    [Fact]
    public async Task OpenStream_OfBufferedBytes_WorksAgainAndAgain()
    {
        var body = Body.FromStream(new ChunkStream([1, 2, 3]), null);
        await body.ReadBytesAsync(10, default);
        Assert.Equal([1, 2, 3], Read(body.OpenStream()));
        Assert.Equal([1, 2, 3], Read(body.OpenStream()));
    }

    [Fact]
    public async Task ReadBytes_Twice_ReadsTheWireOnce()
    {
        var wire = new ChunkStream([1, 2, 3]);
        var body = Body.FromStream(wire, 3);
        var first = await body.ReadBytesAsync(10, default);
        var reads = wire.Reads;
        Assert.Equal(first, await body.ReadBytesAsync(10, default));
        Assert.Equal(reads, wire.Reads);
        Assert.Equal(3, body.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task ReadBytes_InChunksOfAnySize_GivesAll(int chunk)
    {
        var content = Enumerable.Range(0, 200_000).Select(i => (byte)i).ToArray();
        foreach (var declared in new long?[] { null, content.Length, 0, 5 })
        {
            var bytes = await Body.FromStream(new ChunkStream(content, chunk), declared).ReadBytesAsync(content.Length, default);
            Assert.True(bytes.Span.SequenceEqual(content));
        }
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(5000, false)]
    public async Task ReadBytes_AtTheLimit_IsExact(int size, bool fits)
    {
        foreach (var declared in new long?[] { null, size })
        {
            var body = Body.FromStream(new ChunkStream(new byte[size]), declared);
            if (fits) Assert.Equal(size, (await body.ReadBytesAsync(100, default)).Length);
            else Assert.Equal(FaultKind.TooLarge, (await Assert.ThrowsAsync<GatewayException>(async () => await body.ReadBytesAsync(100, default))).Kind);
        }
    }

    [Fact]
    public async Task ReadBytes_DeclaredTooLarge_ReadsNothing()
    {
        var wire = new ChunkStream(new byte[10]);
        await Assert.ThrowsAsync<GatewayException>(async () => await Body.FromStream(wire, 101).ReadBytesAsync(100, default));
        Assert.Equal(0, wire.Reads);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    public async Task ReadBytes_DeclaredMoreThanComes_AllocatesForWhatComes(long declared)
    {
        var body = Body.FromStream(new ChunkStream(new byte[10]), declared);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = await body.ReadBytesAsync(long.MaxValue, default);
        Assert.Equal(10, bytes.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public async Task ReadBytes_NothingAllowedAndNothingSent_IsEmpty()
        => Assert.True((await Body.FromStream(new ChunkStream([]), null).ReadBytesAsync(0, default)).IsEmpty);

    [Fact]
    public async Task ReadBytes_Cancelled_Ends()
        => await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Body.FromStream(new ChunkStream([1]), null).ReadBytesAsync(10, new CancellationToken(canceled: true)));

    [Fact]
    public void BufferedBytes_OfAStream_Throws() => Assert.Throws<InvalidOperationException>(() => Body.FromStream(new ChunkStream([1]), 1).BufferedBytes);

    [Fact]
    public void Empty_Always_IsEmptyAndBuffered()
    {
        var body = Body.Empty();
        Assert.True(body.IsEmpty);
        Assert.True(body.IsBuffered);
        Assert.Equal(0, body.Length);
        Assert.Empty(Read(body.OpenStream()));
    }

    [Fact]
    public async Task Replace_WithBytes_ForgetsTheWire()
    {
        var body = Body.FromStream(new ChunkStream(Encoding.UTF8.GetBytes("{}")), 2);
        await body.ReadJsonAsync(10, default);
        body.Replace("[1]"u8.ToArray());
        Assert.True(body.IsReplaced);
        Assert.Equal(3, body.Length);
        Assert.Equal("[1]", (await body.ReadJsonAsync(10, default))!.ToJsonString());
    }

    [Fact]
    public async Task Replace_AfterStreaming_IsReadable()
    {
        var body = Body.FromStream(new ChunkStream([1]), 1);
        body.OpenStream();
        body.Replace(new byte[] { 2 });
        Assert.Equal([2], (await body.ReadBytesAsync(10, default)).ToArray());
        Assert.Equal([2], Read(body.OpenStream()));
    }

    private static byte[] Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
