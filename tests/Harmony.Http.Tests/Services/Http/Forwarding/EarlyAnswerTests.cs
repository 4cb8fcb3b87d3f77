using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>An origin need not hear a request to its end before it answers.</summary>
public class EarlyAnswerTests
{
    [Theory]
    [InlineData("Content-Length: 100000000", "")]
    [InlineData("Transfer-Encoding: chunked", "4000\r\n")]
    public async Task Answer_OfAnOriginThatCloses_ReachesAClientThatIsStillSending(string framing, string before)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        for (var i = 0; i < 20; i++)
        {
            using var client = await RawConnection.OpenAsync(gateway.Address);
            await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n");
            using var enough = new CancellationTokenSource();
            var sending = SendAsync(client, before, enough.Token);
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal((413, "no"), (answer.Status, answer.Body));
            await enough.CancelAsync();
            await sending;
        }

        Assert.Equal(413, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task Answer_ToARequestWithoutEnd_ReachesAnHttp2ClientAndLeavesItsConnection()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 401 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        for (var i = 0; i < 5; i++)
        {
            using var content = new PushContent();
            var sending = client.SendAsync(TestClient.Http2Request(HttpMethod.Post, "/", content), HttpCompletionOption.ResponseHeadersRead);
            while (!sending.IsCompleted)
            {
                await content.SendAsync("more");
                await Task.WhenAny(sending, Task.Delay(5));
            }

            using var answer = await sending;
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("no", await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task SendAsync(RawConnection client, string before, CancellationToken enough)
    {
        var piece = System.Text.Encoding.ASCII.GetBytes(before + new string('x', 16 * 1024) + (before.Length > 0 ? "\r\n" : ""));
        try
        {
            while (!enough.IsCancellationRequested) await client.Stream.WriteAsync(piece, enough);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The gateway has closed, which is right.
        }
    }
}
