using System.Security.Cryptography;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class StreamingTests
{
    private const int Megabyte = 1024 * 1024;
    private const int Whole = 20 * Megabyte;

    [Fact]
    public async Task Upload_OfTwentyMegabytes_ArrivesUnchanged()
    {
        var data = RandomNumberGenerator.GetBytes(Whole);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            var received = new byte[Whole];
            await connection.Stream.ReadExactlyAsync(received, connection.Stop);
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{Convert.ToHexString(SHA256.HashData(received))}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: {Whole}\r\n\r\n");
        await client.Stream.WriteAsync(data, Guard.Token);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(data)), (await RawAnswer.ReadAsync(client)).Body);
    }

    [Fact]
    public async Task Download_OfTwentyMegabytesChunked_ArrivesUnchanged()
    {
        var data = RandomNumberGenerator.GetBytes(Whole);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Whole:x}\r\n");
            await connection.Stream.WriteAsync(data, connection.Stop);
            await connection.WriteAsync("\r\n0\r\n\r\n");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(await client.GetByteArrayAsync("/")));
    }

    [Fact]
    public async Task Upload_OriginDoesNotRead_ClientIsHeldBack()
    {
        const long Declared = 200L * Megabyte;
        var held = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await held.Task;
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: {Declared}\r\n\r\n");
        var written = await WriteUntilHeldBackAsync(client, Declared);
        held.SetResult();
        // What the sockets of two connections may hold, and our few buffers.
        Assert.InRange(written, 1, 40L * Megabyte);
    }

    [Fact]
    public async Task Download_ClientDoesNotRead_OriginIsHeldBack()
    {
        const long Declared = 200L * Megabyte;
        var written = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Declared}\r\n\r\n");
            written.SetResult(await WriteUntilHeldBackAsync(connection, Declared));
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.InRange(await written.Task.Guarded(), 1, 40L * Megabyte);
    }

    [Fact]
    public async Task Upload_FirstChunk_ReachesTheOriginBeforeTheLastIsSent()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            first.SetResult(await connection.ReadChunkAsync());
            var (rest, _) = await connection.ReadChunksAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {rest.Length}\r\n\r\n{rest}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        Assert.Equal("first", await first.Task.Guarded());
        await client.WriteAsync("4\r\nlast\r\n0\r\n\r\n");
        Assert.Equal("last", (await RawAnswer.ReadAsync(client)).Body);
    }

    [Fact]
    public async Task ServerSentEvents_EachEvent_ArrivesBeforeTheNextIsSent()
    {
        var next = new SemaphoreSlim(0);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(connection.Stop);
                await connection.WriteAsync($"9\r\ndata: {i}\n\n\r\n");
            }

            await next.WaitAsync(connection.Stop);
            await connection.WriteAsync("0\r\n\r\n");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync()); // the head alone, too
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.Equal($"data: {i}\n\n", await client.ReadChunkAsync());
        }

        next.Release();
        Assert.Equal("", await client.ReadChunkAsync());
    }

    [Fact]
    public async Task ShortAnswer_OfAFastOrigin_LeavesInOnePiece()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var buffer = new byte[4096];
        var read = await client.Stream.ReadAsync(buffer, Guard.Token);
        Assert.Equal((byte)'o', buffer[read - 1]);
    }

    /// <summary>Writes until a write has not come through for a while, which no loopback connection with a reader does.</summary>
    private static async Task<long> WriteUntilHeldBackAsync(RawConnection connection, long most)
    {
        var piece = new byte[64 * 1024];
        for (long written = 0; written < most; written += piece.Length)
        {
            var writing = connection.Stream.WriteAsync(piece, connection.Stop).AsTask();
            if (await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(700), connection.Stop)) != writing) return written;
        }

        return most;
    }
}
