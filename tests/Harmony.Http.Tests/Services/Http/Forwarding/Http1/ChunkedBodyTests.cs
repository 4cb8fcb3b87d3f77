using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

public class ChunkedBodyTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("03;x=\"y\"\r\nabc\r\nA \r\n0123456789\r\n000\r\nX-Sum: 1\r\n\r\n", "abc0123456789")]
    [InlineData("2\r\n\r\n\r\n1\r\n\n\r\n0\r\n\r\n", "\r\n\n")]
    public async Task Chunks_InAnyPieces_AreOneBody(string chunks, string expected)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            for (var i = 0; await connection.ReadHeadAsync() is not null; i++)
            {
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (i == 0 ? chunks : ""));
                if (i == 0) continue;
                foreach (var c in chunks) await connection.WriteAsync(c.ToString());
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(expected, (await gateway.SendRawAsync("GET", "/")).Body);
            await gateway.SettledAsync(); // the connection is free when the request has ended
        }

        Assert.Equal(1, origin.Connections); // what was read is the whole body, and no more
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("3\r\nabc0\r\n\r\n")]
    [InlineData("1000000000000000\r\na")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\na")]
    [InlineData("0\r\nno trailer\r\n\r\n")]
    [InlineData("3\r\nab")]
    [InlineData("3\r\nabc\r\n")]
    [InlineData("3\r\nabc\r\n0\r\n")]
    public async Task Chunks_ThatAreNone_NeverMakeAWholeBody(string chunks)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        // not the end of the head: a request id may end with 0
        Assert.False(text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal), text);
        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId == 2007);
    }

    [Fact]
    public async Task SizeLine_WithoutEnd_IsNotWaitedFor()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + new string('x', 4000));
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain("\r\n0\r\n\r\n", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
    }

    /// <summary>A reader that is told of bytes rents a buffer for them, and would hold it until the next event.</summary>
    [Fact]
    public async Task Wait_BehindAChunk_IsForTheNextChunk()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!).Guarded();
        using var origin = await listener.AcceptAsync().Guarded();
        using var connection = new Http1Connection(new OriginConnection(socket, null), 0);
        await using var body = new ChunkedBody(connection);
        var buffer = new byte[64];

        Send("5\r\nhello\r\n");
        await WaitAsync();
        Assert.Equal(5, await body.ReadAsync(buffer).AsTask().Guarded());
        var waiting = WaitAsync(); // the line end is there already, and is no event
        Assert.False(waiting.IsCompleted);

        foreach (var piece in new[] { "1", "\r\n", "x" }) Send(piece);
        await waiting;
        Assert.Equal(1, await body.ReadAsync(buffer).AsTask().Guarded());
        waiting = WaitAsync();
        foreach (var piece in new[] { "\r\n", "0\r\n", "\r\n" }) Send(piece);
        await waiting;
        Assert.Equal(0, await body.ReadAsync(buffer).AsTask().Guarded());
        Assert.True(body.HasEnded);

        Task<int> WaitAsync() => body.ReadAsync(Memory<byte>.Empty).AsTask().Guarded();
        void Send(string text) => origin.Send(Encoding.ASCII.GetBytes(text));
    }
}
