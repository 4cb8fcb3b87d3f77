using System.Buffers.Binary;
using System.Collections.Concurrent;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>
/// What an origin of HTTP/2 promises not to have touched (RFC 9113 §6.8, §8.7) is sent again whatever the method, with its body, as often as <c>max_retries</c>
/// says and not more often.
/// </summary>
public class RefusedStreamTests
{
    private const int RefusedStream = 7;
    private const int InternalError = 2;
    private const byte WindowUpdate = 8;
    private const int TargetDown = 2105;

    [Theory]
    [InlineData("GET", 0)]
    [InlineData("POST", 5)]
    [InlineData("POST", 60_000)]
    [InlineData("PATCH", 5)]
    public async Task Stream_RefusedOnce_IsSentAgainWithItsBody(string method, int size)
    {
        await using var origin = new Http2Origin(number => number == 1 ? RefusedStream : null);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"");
        Assert.Equal(200, (await SendAsync(gateway, method, size)).Status);
        Assert.Equal(2, origin.Requests);
        Assert.Equal(size, origin.LastBody);
    }

    [Theory]
    [InlineData("GET", 0, 0, 1)]
    [InlineData("GET", 0, 1, 2)]
    [InlineData("GET", 0, 3, 4)]
    [InlineData("POST", 5, 0, 1)]
    [InlineData("POST", 5, 3, 4)]
    public async Task Stream_RefusedAlways_IsSentAsOftenAsConfigured(string method, int size, int maxRetries, int times)
    {
        await using var origin = new Http2Origin(_ => RefusedStream);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, $"http_version = \"2\"\nmax_retries = {maxRetries}");
        Assert.Equal(502, (await SendAsync(gateway, method, size)).Status);
        Assert.Equal(times, origin.Requests);
    }

    [Fact]
    public async Task Stream_ThatFailedOtherwise_MayHaveBeenActedOn()
    {
        await using var origin = new Http2Origin(_ => InternalError);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"");
        Assert.Equal(502, (await SendAsync(gateway, "POST", 5)).Status);
        Assert.Equal(1, origin.Requests);
    }

    /// <summary>An origin that recycles its connections: streams above the last one that it names have not been touched.</summary>
    [Theory]
    [InlineData(1, "")]
    [InlineData(1, "max_retries = 1")]
    [InlineData(2, "")]
    [InlineData(2, "max_retries = 1")]
    [InlineData(5, "")]
    public async Task Connection_RecycledAfterSomeStreams_NoPostFailsAndNoneIsDoubled(int streams, string maxRetries)
    {
        await using var origin = new Http2Origin(_ => null) { StreamsPerConnection = streams };
        await using var gateway = await TestGateway.StartAsync(
            new ForwardingConfig(origin.Url) { Backend = $"http_version = \"2\"\n{maxRetries}", Retries = true }.ToToml());
        var statuses = new ConcurrentBag<int>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var i = 0; i < 25; i++) statuses.Add((await SendAsync(gateway, "POST", 5)).Status);
        })).Guarded();
        Assert.DoesNotContain(gateway.Log.Lines, line => line.EventId == 2005);
        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal(150, origin.Answered);
    }

    /// <summary>What one connection refuses says nothing of an origin that serves on the next connection.</summary>
    [Fact]
    public async Task Streams_RefusedOnOneConnection_DoNotCountAgainstTheOrigin()
    {
        await using var origin = new Http2Origin(_ => null) { RefusesOnFirstConnection = true };
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"\npassive_health = { max_failures = 2 }");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(gateway, "POST", 5))).Guarded();
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.False(gateway.Log.Has(TargetDown));
    }

    [Fact]
    public async Task Streams_RefusedOnNewConnections_CountAgainstTheOrigin()
    {
        await using var origin = new Http2Origin(_ => RefusedStream);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"\npassive_health = { max_failures = 2 }");
        Assert.Equal(502, (await SendAsync(gateway, "POST", 5)).Status);
        await gateway.Log.FirstAsync(TargetDown);
    }

    private static Task<RawAnswer> SendAsync(TestGateway gateway, string method, int size)
        => gateway.SendRawAsync($"{method} / HTTP/1.1\r\nHost: h\r\n{(size > 0 ? $"Content-Length: {size}\r\n" : "")}\r\n{new string('b', size)}");

    /// <summary>Speaks as much of HTTP/2 as it takes to refuse a stream.</summary>
    private sealed class Http2Origin : IAsyncDisposable
    {
        private readonly RawOrigin _origin;
        private readonly Func<int, int?> _errorOf;
        private int _connections;
        private int _requests;
        private int _answered;

        /// <param name="errorOf">The error for the nth request; null to answer 200.</param>
        public Http2Origin(Func<int, int?> errorOf)
        {
            _errorOf = errorOf;
            _origin = RawOrigin.Start(ServeAsync);
        }

        public Uri Url => _origin.Url;

        public int Requests => _requests;

        public int Answered => _answered;

        public int LastBody { get; private set; }

        /// <summary>Streams after which it says that it takes no more.</summary>
        public int StreamsPerConnection { get; init; } = int.MaxValue;

        /// <summary>Whether the first connection refuses every stream.</summary>
        public bool RefusesOnFirstConnection { get; init; }

        public ValueTask DisposeAsync() => _origin.DisposeAsync();

        private async Task ServeAsync(RawConnection connection)
        {
            await connection.ReadAsync(24); // the preface
            var refuses = Interlocked.Increment(ref _connections) == 1 && RefusesOnFirstConnection;
            await connection.Stream.WriteAsync(RawHttp2.Frame(RawHttp2.Settings, 0, 0, []), connection.Stop);
            var bodies = new Dictionary<int, int>();
            var errors = new Dictionary<int, int>();
            var (taken, head) = (0, new byte[9]);
            while (true)
            {
                await connection.Stream.ReadExactlyAsync(head, connection.Stop);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await connection.Stream.ReadExactlyAsync(payload, connection.Stop);
                var (type, flags, stream) = (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
                if (type == RawHttp2.Settings && (flags & 1) == 0) await SendAsync(connection, RawHttp2.Settings, 1, 0, []);
                if (type == RawHttp2.Headers)
                {
                    if (++taken > StreamsPerConnection) continue; // announced below
                    bodies[stream] = 0;
                    if ((_errorOf(Interlocked.Increment(ref _requests)) ?? (refuses ? RefusedStream : null)) is { } error)
                    {
                        bodies.Remove(stream);
                        await SendAsync(connection, RawHttp2.RstStream, 0, stream, Number(error));
                        continue;
                    }

                    if (taken == StreamsPerConnection) await SendAsync(connection, RawHttp2.GoAway, 0, 0, [.. Number(stream), .. Number(0)]);
                }

                if (type == RawHttp2.Data && payload.Length > 0) await SendAsync(connection, WindowUpdate, 0, 0, Number(payload.Length));
                if (type == RawHttp2.Data && bodies.ContainsKey(stream))
                {
                    bodies[stream] += payload.Length;
                    if (payload.Length > 0 && (flags & RawHttp2.EndStream) == 0) await SendAsync(connection, WindowUpdate, 0, stream, Number(payload.Length));
                }

                if (type is not (RawHttp2.Headers or RawHttp2.Data) || (flags & RawHttp2.EndStream) == 0 || !bodies.Remove(stream, out var length)) continue;
                LastBody = length;
                Interlocked.Increment(ref _answered);
                await SendAsync(connection, RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, stream, [0x88]); // :status 200
                if (taken < StreamsPerConnection || bodies.Count > 0) continue;
                connection.EndSending();
                await connection.WaitForEndAsync();
                return;
            }
        }

        private static byte[] Number(int value)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            return bytes;
        }

        private static async Task SendAsync(RawConnection connection, byte type, byte flags, int stream, byte[] payload)
            => await connection.Stream.WriteAsync(RawHttp2.Frame(type, flags, stream, payload), connection.Stop);
    }
}
