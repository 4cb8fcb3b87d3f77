using System.Net;

namespace IdleConnections;

/// <summary>Opens many connections or streams and leaves them idle.</summary>
internal static class IdleClients
{
    /// <summary>Opens at a time; more would only wait for each other.</summary>
    private const int AtOnce = 32;

    /// <summary>Opens them, says so, and ends with the standard input.</summary>
    /// <param name="kind"><c>stream</c>, <c>stream2</c> (HTTP/2), <c>socket</c>, <c>keepalive</c>, or <c>gather</c> (all at once, then closed).</param>
    /// <param name="count">How many.</param>
    /// <param name="url">What is asked for.</param>
    public static async Task<int> RunAsync(string kind, int count, Uri url)
    {
        var shared = kind == "stream2" ? NewHandler() : null;
        var open = new List<(HttpMessageInvoker, Stream)>(); // a body that nobody holds ends its connection when garbage is collected
        using var turns = new SemaphoreSlim(kind == "gather" ? count : AtOnce);
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            await turns.WaitAsync();
            try
            {
                var one = await OpenAsync(kind, shared ?? NewHandler(), url);
                lock (open) open.Add(one);
            }
            finally
            {
                turns.Release();
            }
        }));
        if (kind == "gather") open.ForEach(one => one.Item1.Dispose());
        Console.WriteLine("open");
        await Console.In.ReadToEndAsync();
        GC.KeepAlive(open);
        return 0;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        MaxConnectionsPerServer = int.MaxValue,
    };

    private static async Task<(HttpMessageInvoker, Stream)> OpenAsync(string kind, SocketsHttpHandler handler, Uri url)
    {
        var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Version = kind == "stream2" ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.Add("User-Agent", "idle/1");
        request.Headers.Add("Accept", kind.StartsWith("stream", StringComparison.Ordinal) ? "text/event-stream" : "*/*");
        if (kind == "socket")
        {
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }

        var response = await invoker.SendAsync(request, CancellationToken.None);
        if ((int)response.StatusCode != (kind == "socket" ? 101 : 200)) throw new InvalidOperationException($"{url}: status {(int)response.StatusCode}");
        var body = await response.Content.ReadAsStreamAsync();
        if (kind is "keepalive" or "gather") await body.CopyToAsync(Stream.Null);
        else if (url.AbsolutePath == "/event") _ = await body.ReadAsync(new byte[64]);
        return (invoker, body);
    }
}
