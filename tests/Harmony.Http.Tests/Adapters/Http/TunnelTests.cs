using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>
/// After a switch of protocols each direction ends by itself: what one side sent before its end arrives, and the other side can still answer. Whatever carries
/// the bytes: HTTP/1.1, TLS, HTTP/2 (RFC 8441 §5), to plain origins and those of TLS.
/// </summary>
public class TunnelTests
{
    private const string Switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n";
    private const string Wish = "POST /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    /// <summary>A tunnel of HTTP/2 whose client has sent this many bytes and the end of its stream.</summary>
    private static async Task<RawHttp2> Http2TunnelAsync(TestGateway gateway, int size)
    {
        var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.Request("CONNECT", "/exec", (":protocol", "tcp"))));
        Assert.NotNull(await client.ReadUntilAsync(RawHttp2.Headers));
        for (var left = size; left > 0; left -= 10_000)
        {
            await client.SendAsync(RawHttp2.Frame(RawHttp2.Data, left <= 10_000 ? RawHttp2.EndStream : (byte)0, 1, new byte[Math.Min(left, 10_000)]));
        }

        return client;
    }

    private static readonly TestAuthority Authority = TestAuthority.Create("tunnels");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    public static MatrixTheoryData<int, bool, bool> Sizes => new([5, 65_536, 500_000, 5_000_000], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Client_SendsAndCloses_EverythingArrives(int size, bool clientTls, bool originTls)
    {
        var got = new TaskCompletionSource<(long, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = Origin(async connection => got.TrySetResult(await connection.CountToEndAsync()), originTls);
        await using var gateway = await StartAsync(origin, clientTls);
        for (var i = 0; i < 3; i++)
        {
            got = new TaskCompletionSource<(long, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (var client = await SwitchAsync(gateway, clientTls))
            {
                await client.Stream.WriteAsync(RandomNumberGenerator.GetBytes(size), Guard.Token);
                if (clientTls) await client.EndSendingAsync(); // an end of TLS without it may be an attacker's
            }

            Assert.Equal((size, true), await got.Task.Guarded());
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Client_EndsItsDirection_AnswerComesBack(int size, bool clientTls, bool originTls)
    {
        await using var origin = Origin(CountAsync, originTls);
        await using var gateway = await StartAsync(origin, clientTls);
        using var client = await SwitchAsync(gateway, clientTls);
        await client.Stream.WriteAsync(RandomNumberGenerator.GetBytes(size), Guard.Token);
        await client.EndSendingAsync();
        Assert.Equal(($"COUNT {size}", false), await client.ReadToEndAsync());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60_000)]
    public async Task Http2Client_EndsItsStream_EverythingArrivesAndTheAnswerComesBack(int size)
    {
        await using var origin = Origin(async connection => await connection.WriteAsync($"COUNT {(await connection.CountToEndAsync()).Count}"), tls: false);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = await Http2TunnelAsync(gateway, size);
        Assert.Equal($"COUNT {size}", Encoding.ASCII.GetString((await client.ReadUntilAsync(RawHttp2.Data))!));
    }

    /// <summary>
    /// A client that closes its connection as soon as it has sent everything: Kestrel drops what has not been read of its streams. The origin then hears a
    /// break, never an end after a part.
    /// </summary>
    [Fact]
    public async Task Http2Client_ClosesItsConnection_OriginGetsAllOrHearsABreak()
    {
        var got = new TaskCompletionSource<(long Count, bool HasEnded)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = Origin(async connection => got.SetResult(await connection.CountToEndAsync()), tls: false);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = await Http2TunnelAsync(gateway, 60_000);
        client.EndSending();
        var (count, hasEnded) = await got.Task.Guarded();
        Assert.True(count == 60_000 || !hasEnded, $"an end after {count} bytes");
    }

    /// <summary>The other way round: the origin has said all, and hears the rest.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Origin_EndsItsDirection_ClientIsToldAndHeard(bool clientTls, bool originTls)
    {
        var got = new TaskCompletionSource<(long, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = Origin(async connection =>
        {
            await connection.WriteAsync(new string('x', 300_000) + "bye");
            await connection.EndSendingAsync();
            got.SetResult(await connection.CountToEndAsync());
        }, originTls);
        await using var gateway = await StartAsync(origin, clientTls);
        using var client = await SwitchAsync(gateway, clientTls);
        var (text, reset) = await client.ReadToEndAsync();
        Assert.Equal((300_003, false), (text.Length, reset));
        await client.Stream.WriteAsync(new byte[400_000], Guard.Token);
        await client.EndSendingAsync();
        Assert.Equal((400_000, true), await got.Task.Guarded());
    }

    [Fact]
    public async Task Client_Breaks_OriginDoesNotTakeThePartForTheWhole()
    {
        var (got, begun) = (new TaskCompletionSource<(long, bool)>(), Guard.NewSignal());
        await using var origin = Origin(async connection =>
        {
            await connection.ReadAsync(4);
            begun.SetResult();
            got.SetResult(await connection.CountToEndAsync());
        }, tls: false);
        await using var gateway = await StartAsync(origin, tls: false);
        using var client = await SwitchAsync(gateway, tls: false);
        await client.WriteAsync("some");
        await begun.Task.Guarded();
        client.Reset();
        Assert.False((await got.Task.Guarded()).Item2);
    }

    [Fact]
    public async Task Origin_Breaks_ClientDoesNotTakeThePartForTheWhole()
    {
        await using var origin = Origin(async connection =>
        {
            await connection.WriteAsync("some");
            await connection.ReadAsync(2);
            connection.Reset();
        }, tls: false);
        await using var gateway = await StartAsync(origin, tls: false);
        using var client = await SwitchAsync(gateway, tls: false);
        Assert.Equal("some", await client.ReadAsync(4));
        await client.WriteAsync("go");
        Assert.False((await client.CountToEndAsync()).IsOrderly);
    }

    private static async Task CountAsync(RawConnection connection) => await connection.WriteAsync($"COUNT {(await connection.CountToEndAsync()).Count}");

    private static RawOrigin Origin(Func<RawConnection, Task> serve, bool tls) => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        await connection.WriteAsync(Switched);
        await serve(connection);
    }, tls ? Certificate : null);

    private static async Task<TestGateway> StartAsync(RawOrigin origin, bool tls)
    {
        var files = new Dictionary<string, string>(TestCertificate.Files) { ["ours.pem"] = Authority.Pem };
        return await TestGateway.StartAsync(new ForwardingConfig(origin.Url)
        {
            Tls = tls, Backend = origin.Url.Scheme == "https"
            ? "ca_cert_path = \"ours.pem\""
            : ""
        }.ToToml(), files);
    }

    private static async Task<RawConnection> SwitchAsync(TestGateway gateway, bool tls)
    {
        var client = tls ? await RawTls.OpenAsync(gateway.Address) : await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(Wish);
        Assert.StartsWith("HTTP/1.1 101 ", await client.ReadHeadAsync());
        return client;
    }
}
