using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Harmony.Testing;

/// <summary>HTTP/2 frames by hand over a plain connection (RFC 9113 §4), for what no decent client does.</summary>
public sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte RstStream = 3;
    public const byte Settings = 4;
    public const byte GoAway = 7;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly RawConnection _connection;

    private RawHttp2(RawConnection connection) => _connection = connection;

    /// <summary>Connects and sends preface and empty settings.</summary>
    public static async Task<RawHttp2> OpenAsync(IPEndPoint address)
    {
        var connection = await RawConnection.OpenAsync(address);
        var client = new RawHttp2(connection);
        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await client.SendAsync(Frame(Settings, 0, 0, []));
        return client;
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>The fields of a GET in HPACK: indexed where the static table has them, else literal and never indexed.</summary>
    public static byte[] Get(params (string Name, string Value)[] fields) => Block([0x82], [0x84], fields); // :method GET, :path /

    /// <summary>The same of a POST.</summary>
    public static byte[] Post(params (string Name, string Value)[] fields) => Block([0x83], [0x84], fields); // :method POST, :path /

    /// <summary>The fields of any request: what must be escaped may be sent plainly, and <c>:protocol</c> is a field like others.</summary>
    public static byte[] Request(string method, string path, params (string Name, string Value)[] fields)
        => Block([0x02, .. Text(method)], [0x04, .. Text(path)], fields); // :method and :path of the static table with other values

    /// <summary>Fields behind a body (RFC 9113 §8.1).</summary>
    public static byte[] Trailers(params (string Name, string Value)[] fields)
    {
        var block = new MemoryStream();
        Write(block, fields);
        return block.ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> frames) => await _connection.Stream.WriteAsync(frames, Guard.Token);

    /// <summary>Reads frames until one of <paramref name="types"/> comes.</summary>
    /// <returns>Its payload; null when the other side ends the connection before.</returns>
    public async Task<byte[]?> ReadUntilAsync(params byte[] types)
    {
        try
        {
            var head = new byte[9];
            while (true)
            {
                await _connection.Stream.ReadExactlyAsync(head, Guard.Token);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await _connection.Stream.ReadExactlyAsync(payload, Guard.Token);
                if (types.Contains(head[3])) return payload;
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Ends the connection in the direction to the other side.</summary>
    public void EndSending() => _connection.EndSending();

    public void Dispose() => _connection.Dispose();

    private static byte[] Block(byte[] method, byte[] path, (string Name, string Value)[] fields)
    {
        var block = new MemoryStream();
        block.Write([.. method, 0x86, .. path]); // :scheme http
        block.Write([0x01, 1, (byte)'h']); // :authority h
        Write(block, fields);
        return block.ToArray();
    }

    private static void Write(MemoryStream block, (string Name, string Value)[] fields)
    {
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0x10);
            block.Write(Text(name));
            block.Write(Text(value));
        }
    }

    private static byte[] Text(string text) => text.Length <= 126
        ? [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)]
        : throw new ArgumentOutOfRangeException(nameof(text), "longer lengths need another encoding");
}
