using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class RequestContentTests
{
    /// <summary>The buffer goes back to where others take theirs from: not while the client may still write into it.</summary>
    [Fact]
    public async Task Target_BreaksWhileTheClientIsWaitedFor_BufferIsKeptUntilTheReadHasEnded()
    {
        using var deadline = ActivityTimeout.Start(TimeProvider.System, TimeSpan.FromSeconds(30), default);
        await using var client = new SlowStream();
        using var body = Body.FromStream(client, null);
        using var content = new RequestContent(body, deadline);
        var sending = content.SendAsync(new BrokenStream(), deadline.Token);
        Assert.False(sending.IsCompleted);
        Assert.False(content.IsDone);
        client.End.SetResult();
        await Assert.ThrowsAsync<IOException>(() => sending.Guarded());
        Assert.True(content.IsDone);
    }

    private sealed class SlowStream : AsyncReadStream
    {
        public TaskCompletionSource End { get; } = Guard.NewSignal();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await End.Task.WaitAsync(cancellationToken);
            return buffer.Length;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.FromException(new IOException("broken"));
    }
}
