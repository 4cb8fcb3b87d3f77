using System.IO.Pipelines;
using System.Security.Cryptography;
using Harmony.Core.Content.Spooling;
using Harmony.Testing;

namespace Harmony.Core.Tests.Content.Spooling;

public sealed class SharedSpoolTests
{
    private const int Most = Spool.UsualMemory;

    [Theory]
    [InlineData(0)]
    [InlineData(Most)]
    [InlineData(Most + 1)]
    [InlineData((3 * Most) + 17)]
    public async Task Readers_BeforeWhileAndAfterItComes_GetAllOfIt(int length)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        using var spool = new SharedSpool(BodyBudget.Process);
        var before = AllAsync(spool);
        var filling = spool.FillAsync(pipe.Reader.AsStream(), CancellationToken.None);
        await pipe.Writer.WriteAsync(sent.AsMemory(0, length / 3));
        var meanwhile = AllAsync(spool);
        await pipe.Writer.WriteAsync(sent.AsMemory(length / 3));
        Assert.False(before.IsCompleted);
        await pipe.Writer.CompleteAsync();
        await filling.Guarded();
        foreach (var reading in new[] { before, meanwhile, AllAsync(spool) }) Assert.Equal(sent, await reading.Guarded());
    }

    [Fact]
    public async Task Reader_GetsWhatHasCome_WithoutWaitingForMore()
    {
        var pipe = new Pipe();
        using var spool = new SharedSpool(BodyBudget.Process);
        var filling = spool.FillAsync(pipe.Reader.AsStream(), CancellationToken.None);
        var reader = spool.OpenRead();
        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        var buffer = new byte[10];
        Assert.Equal(3, await reader.ReadAsync(buffer).AsTask().Guarded());
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
        await pipe.Writer.CompleteAsync();
        await filling.Guarded();
        Assert.Equal(0, await reader.ReadAsync(buffer));
    }

    [Fact]
    public async Task Sender_ThatBreaksOff_IsAFaultOfEveryReaderAfterWhatHadCome()
    {
        var pipe = new Pipe();
        using var spool = new SharedSpool(BodyBudget.Process);
        var filling = spool.FillAsync(pipe.Reader.AsStream(), CancellationToken.None);
        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        var reading = AllAsync(spool);
        await pipe.Writer.CompleteAsync(new IOException("gone"));
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => filling.Guarded())).Message);
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => reading.Guarded())).Message);
        await Assert.ThrowsAsync<IOException>(() => AllAsync(spool).Guarded());
    }

    [Fact]
    public async Task Reader_ThatIsCancelled_LeavesTheOthersAlone()
    {
        var pipe = new Pipe();
        using var spool = new SharedSpool(BodyBudget.Process);
        var filling = spool.FillAsync(pipe.Reader.AsStream(), CancellationToken.None);
        var other = AllAsync(spool);
        using var leaving = new CancellationTokenSource();
        var reading = spool.OpenRead().ReadAsync(new byte[10], leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guarded());
        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        await filling.Guarded();
        Assert.Equal("abc"u8.ToArray(), await other.Guarded());
    }

    private static async Task<byte[]> AllAsync(SharedSpool spool)
    {
        using var all = new MemoryStream();
        await using var stream = spool.OpenRead();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
