using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Harmony.Testing;

/// <summary>
/// An origin on a plain socket that does what a script says, so that tests see and send exact bytes. Keeps the heads it was sent.
/// </summary>
public sealed class RawOrigin : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawConnection, Task> _script;
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    private readonly X509Certificate2? _certificate;

    private RawOrigin(Func<RawConnection, Task> script, X509Certificate2? certificate)
    {
        (_script, _certificate) = (script, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The head of every request, in order of arrival, without the empty line.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _accepted);

    /// <summary>Runs the script for each connection.</summary>
    /// <param name="script">What to do.</param>
    /// <param name="certificate">Shown to those who connect, by TLS then; null for none.</param>
    public static RawOrigin Start(Func<RawConnection, Task> script, X509Certificate2? certificate = null) => new(script, certificate);

    /// <summary>Answers every request with the same bytes, reading bodies of a declared length first.</summary>
    public static RawOrigin Answering(string response, X509Certificate2? certificate = null) => new(async connection =>
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            await connection.ReadBodyAsync(head);
            await connection.WriteAsync(response);
        }
    }, certificate);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted); // before it is served: the client may look at it with its answer in hand
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = _certificate is null ? null : new SslStream(client.GetStream());
                if (stream is not null)
                    await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                await _script(new RawConnection(client, Heads, stream, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or AuthenticationException)
            {
                // The other side has gone, or the test is over.
            }
        }
    }
}

/// <summary>One connection, read and written as bytes in Latin-1.</summary>
public sealed class RawConnection(TcpClient client, ConcurrentQueue<string>? heads = null, Stream? stream = null, CancellationToken stop = default)
    : IDisposable
{
    public Stream Stream { get; } = stream ?? client.GetStream();

    public CancellationToken Stop => stop;

    /// <summary>Connects to a server. No wait on the connection is endless.</summary>
    public static async Task<RawConnection> OpenAsync(IPEndPoint address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address);
        return new RawConnection(client, stop: Guard.Token);
    }

    public async Task WriteAsync(string text)
    {
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);
        await Stream.FlushAsync(stop);
    }

    /// <summary>Reads up to the empty line; null when the other side has closed.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        var head = await ReadUntilAsync("\r\n\r\n");
        if (head is not null) heads?.Enqueue(head[..^4]);
        return head?[..^4];
    }

    /// <summary>Reads through <paramref name="end"/>; null when the other side closes before.</summary>
    public async Task<string?> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (await Stream.ReadAsync(one, stop) == 1)
        {
            text.Append((char)one[0]);
            if (text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end) return text.ToString();
        }

        return null;
    }

    /// <summary>Reads a body whose head declares its length or chunks; chunked framing is kept.</summary>
    public async Task<string> ReadBodyAsync(string head)
    {
        if (RawAnswer.FieldsOf(head, "transfer-encoding").Count > 0) return await ReadUntilAsync("0\r\n\r\n") ?? "";
        var lengths = RawAnswer.FieldsOf(head, "content-length");
        return lengths.Count == 0 ? "" : await ReadAsync(int.Parse(lengths[0]));
    }

    /// <summary>Reads a chunked body to its end and undoes the framing; refuses chunk extensions.</summary>
    public async Task<(string Body, string Trailers)> ReadChunksAsync()
    {
        var body = new StringBuilder();
        while (await ReadChunkAsync() is { Length: > 0 } chunk) body.Append(chunk);
        var trailers = new StringBuilder();
        while (await ReadUntilAsync("\r\n") is { } line and not "\r\n") trailers.Append(line);
        return (body.ToString(), trailers.ToString());
    }

    /// <summary>Reads one chunk; the last one is empty, and its trailers and empty line are left.</summary>
    public async Task<string> ReadChunkAsync()
    {
        var line = await ReadUntilAsync("\r\n") ?? throw new IOException("closed within a chunked body");
        var size = int.Parse(line.AsSpan(0, line.Length - 2), System.Globalization.NumberStyles.AllowHexSpecifier);
        if (size == 0) return "";
        var data = await ReadAsync(size + 2);
        return data.EndsWith("\r\n", StringComparison.Ordinal) ? data[..^2] : throw new IOException("a chunk does not end where it says");
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes, stop);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads until the other side closes; a reset counts as the end and is told.</summary>
    public async Task<(string Text, bool Reset)> ReadToEndAsync()
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await Stream.ReadAsync(buffer, stop) is var read and > 0) all.Write(buffer, 0, read);
            return (Encoding.Latin1.GetString(all.ToArray()), false);
        }
        catch (IOException)
        {
            return (Encoding.Latin1.GetString(all.ToArray()), true);
        }
    }

    /// <summary>Waits until the other side has closed or reset, dropping what still comes.</summary>
    public async Task WaitForEndAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await Stream.ReadAsync(buffer, stop) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    /// <summary>Tells the other side that nothing more comes, and goes on reading.</summary>
    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The same; in TLS by its own message for it (RFC 8446 §6.1).</summary>
    public async Task EndSendingAsync()
    {
        if (Stream is SslStream tls) await tls.ShutdownAsync();
        else EndSending();
    }

    /// <summary>Waits until the other side has closed or reset.</summary>
    /// <returns>How many bytes came before, and whether the end was an orderly one.</returns>
    public async Task<(long Count, bool IsOrderly)> CountToEndAsync()
    {
        var buffer = new byte[64 * 1024];
        long count = 0;
        try
        {
            while (await Stream.ReadAsync(buffer, stop) is var read and > 0) count += read;
            return (count, true);
        }
        catch (IOException)
        {
            return (count, false);
        }
    }

    /// <summary>Closes with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(true, 0);
        client.Client.Close(0); // closing the stream would send an orderly end first
    }

    public void Dispose() => client.Dispose();
}
