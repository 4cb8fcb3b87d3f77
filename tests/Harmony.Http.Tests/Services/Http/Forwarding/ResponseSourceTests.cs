using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>When the answer is through, nothing holds the request, its sockets and its configuration without end.</summary>
public class ResponseSourceTests
{
    private const string Fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string FineAndClose = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

    private readonly TestTimeProvider _clock = new();

    [Theory]
    [InlineData(true)] // the target takes no more
    [InlineData(false)] // the client sends no more
    public async Task Upload_BehindTheAnswer_EndsWhenNothingMoves(bool clientSends)
    {
        await using var origin = Silent(Fine);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "timeout_secs = 5", _clock);
        using var client = await AnsweredAsync(gateway, clientSends);
        var left = gateway.Snapshot.CloseAsync();
        Assert.False(left.IsCompleted);
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), left);
    }

    [Fact]
    public async Task Upload_BehindAnAnswerThatEndsTheConnection_IsCutAtOnce()
    {
        await using var origin = Silent(FineAndClose);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "timeout_secs = 5", _clock);
        using var client = await AnsweredAsync(gateway, clientSends: true);
        await gateway.Snapshot.CloseAsync().Guarded();
    }

    /// <summary>Answers at once and reads nothing any more.</summary>
    private static RawOrigin Silent(string answer) => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        await connection.WriteAsync(answer);
        await Task.Delay(Timeout.Infinite, connection.Stop);
    });

    /// <summary>A client that has its answer while its upload is under way.</summary>
    private static async Task<RawConnection> AnsweredAsync(TestGateway gateway, bool clientSends)
    {
        var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\nsome");
        Assert.Equal("ok", (await RawAnswer.ReadAsync(client)).Body);
        if (clientSends) _ = SendAsync(client);
        return client;
    }

    private static async Task SendAsync(RawConnection client)
    {
        try
        {
            await client.Stream.WriteAsync(new byte[50_000_000], Guard.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody takes all of it.
        }
    }
}
