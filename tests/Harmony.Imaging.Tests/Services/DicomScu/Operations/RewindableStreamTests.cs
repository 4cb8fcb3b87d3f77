using Harmony.Imaging.Services.DicomScu.Operations;

namespace Harmony.Imaging.Tests.Services.DicomScu.Operations;

public sealed class RewindableStreamTests
{
    private const int Limit = 300_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(65_536, 65_536)]
    [InlineData(Limit, 70_000)]
    [InlineData(Limit, Limit)]
    public async Task WithinTheLimit_ComesAgainAndAgain(int length, int readBefore)
    {
        var bytes = Bytes(length);
        await using var stream = new RewindableStream(new OneWay(bytes), Limit);
        for (var i = 0; i < 3; i++)
        {
            await stream.ReadExactlyAsync(new byte[readBefore]);
            Assert.True(stream.CanRewind);
            stream.Rewind();
        }

        Assert.Equal(bytes, await AllAsync(stream));
        stream.Rewind();
        Assert.Equal(bytes, await AllAsync(stream));
    }

    [Fact]
    public async Task PastTheLimit_StreamsOnAndIsLetGo()
    {
        var bytes = Bytes(Limit + 1);
        await using var stream = new RewindableStream(new OneWay(bytes), Limit);
        Assert.Equal(bytes, await AllAsync(stream));
        Assert.False(stream.CanRewind);
        Assert.Throws<InvalidOperationException>(stream.Rewind);
    }

    /// <summary>Who stops waiting loses nothing: what the source brings later is there for the next who reads.</summary>
    [Fact]
    public async Task ReaderGivesUp_ReadingGoesOn()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        await using var stream = new RewindableStream(pipe.Reader.AsStream(), Limit);
        using var impatient = new CancellationTokenSource();
        var first = stream.ReadAsync(new byte[10], impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var bytes = Bytes(1000);
        await pipe.Writer.WriteAsync(bytes);
        await pipe.Writer.CompleteAsync();
        stream.Rewind();
        Assert.Equal(bytes, await AllAsync(stream));
    }

    [Fact]
    public async Task SourceCanSeek_KeepsNothingAndComesAgainFromWhereItStood()
    {
        var bytes = Bytes(Limit * 2);
        await using var stream = new RewindableStream(new MemoryStream(bytes) { Position = 5 }, 0);
        Assert.Equal(bytes[5..], await AllAsync(stream));
        Assert.True(stream.CanRewind);
        stream.Rewind();
        Assert.Equal(bytes[5..], await AllAsync(stream));
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, 10_000);
        return all.ToArray();
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Like a body from a socket: in pieces, and once.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(buffer.Length, 7001)], cancellationToken);
    }
}
