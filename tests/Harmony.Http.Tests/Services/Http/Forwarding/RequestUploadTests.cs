using System.Text;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class RequestUploadTests
{
    /// <summary>The buffer goes back to where others take theirs from: not while the client may still write into it.</summary>
    [Fact]
    public async Task Target_BreaksWhileTheClientIsWaitedFor_ReadEndsWithTheUpload()
    {
        using var deadline = ActivityTimeout.Start(TimeProvider.System, TimeSpan.FromSeconds(30), default);
        await using var client = new SlowStream();
        using var request = RequestOf(Body.FromStream(client, null));
        var upload = RequestUpload.Of(request)!;
        await Assert.ThrowsAsync<IOException>(() => upload.CopyToAsync(new BrokenStream(), deadline, deadline.Token).Guarded());
        Assert.True(upload.WhenDone.IsCompleted);
        Assert.False(upload.IsDone);
        await upload.EndAsync();
        Assert.True(client.HasEnded);
        Assert.True(upload.IsDone);
    }

    /// <summary>RFC 9113 §8.7: what an origin promises not to have touched is sent again, although it came from the client once.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(65535, true)]
    [InlineData(65536, true)]
    [InlineData(65537, false)]
    [InlineData(1000000, false)]
    public async Task Body_UpTo64Kib_IsSentAgainByteForByte(int length, bool again)
    {
        var sent = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23)))));
        foreach (var declared in new long?[] { length, null })
        {
            using var deadline = ActivityTimeout.Start(TimeProvider.System, TimeSpan.FromSeconds(30), default);
            using var request = RequestOf(Body.FromStream(new MemoryStream(sent), declared));
            var upload = new RequestUpload(request);
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(i == 0 || again, upload.CanBeSent);
                if (!upload.CanBeSent) break;
                upload.BeginTry();
                using var target = new MemoryStream();
                await upload.CopyToAsync(target, deadline, deadline.Token);
                Assert.True(sent.AsSpan().SequenceEqual(target.ToArray()));
                Assert.Equal(again, upload.IsHereWhole);
            }

            await upload.EndAsync();
        }
    }

    [Fact]
    public async Task Client_SendsSlowly_DoesNotCountAgainstTheOrigin()
    {
        var clock = new TestTimeProvider();
        using var deadline = ActivityTimeout.Start(clock, TimeSpan.FromSeconds(5), default);
        await using var client = new SlowStream();
        using var request = RequestOf(Body.FromStream(client, null));
        var upload = new RequestUpload(request);
        using var target = new MemoryStream();
        var sending = upload.CopyToAsync(target, deadline, deadline.Token);
        client.Send("some");
        await Guard.UntilAsync(() => target.Length == 4 && deadline.IsPaused);
        clock.Advance(TimeSpan.FromMinutes(10));
        client.Send("thing");
        client.Send("");
        await sending.Guarded();
        Assert.Equal("something", Encoding.Latin1.GetString(target.ToArray()));
        Assert.False(deadline.HasExpired);
        clock.Advance(TimeSpan.FromSeconds(6)); // from now on the origin is waited for
        Assert.True(deadline.HasExpired);
        await upload.EndAsync();
    }

    [Fact]
    public async Task Try_CutInTheMiddle_TheNextGoesOnWhereTheClientIs()
    {
        using var deadline = ActivityTimeout.Start(TimeProvider.System, TimeSpan.FromSeconds(30), default);
        await using var client = new SlowStream();
        using var request = RequestOf(Body.FromStream(client, null));
        var upload = new RequestUpload(request);
        using var cut = new CancellationTokenSource();
        using var first = new MemoryStream();
        client.Send("some");
        var sending = upload.CopyToAsync(first, deadline, cut.Token);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.Guarded());
        Assert.True(upload.CanBeSent);
        Assert.False(upload.IsHereWhole);
        using var second = new MemoryStream();
        upload.BeginTry();
        sending = upload.CopyToAsync(second, deadline, deadline.Token);
        client.Send("thing");
        client.Send("");
        await sending.Guarded();
        Assert.Equal("something", Encoding.Latin1.GetString(second.ToArray()));
        await upload.EndAsync();
    }

    [Fact]
    public async Task Response_HasBegun_BodyIsNotKept()
    {
        using var deadline = ActivityTimeout.Start(TimeProvider.System, TimeSpan.FromSeconds(30), default);
        using var request = RequestOf(Body.FromStream(new MemoryStream(new byte[1000]), 1000));
        var upload = new RequestUpload(request);
        await upload.CopyToAsync(Stream.Null, deadline, deadline.Token);
        upload.Answered();
        Assert.False(upload.CanBeSent);
        await upload.EndAsync();
    }

    private static RequestEnvelope RequestOf(Body body)
        => new() { Protocol = "http", Method = "POST", Path = "/", RequestId = "1", Headers = new HeaderFields(), Body = body };

    private sealed class SlowStream : AsyncReadStream
    {
        private readonly System.Threading.Channels.Channel<string> _sent = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public bool HasEnded { get; private set; }

        public void Send(string text) => _sent.Writer.TryWrite(text);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var text = await _sent.Reader.ReadAsync(cancellationToken);
                return Encoding.Latin1.GetBytes(text, buffer.Span);
            }
            catch (OperationCanceledException)
            {
                HasEnded = true;
                throw;
            }
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.FromException(new IOException("broken"));
    }
}
