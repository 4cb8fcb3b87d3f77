using System.Collections.Concurrent;
using System.Net.WebSockets;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>The library that most servers of JavaScript use sends messages and ends its side at once: all of them arrive.</summary>
public class WebSocketLibraryTests
{
    private const int Messages = 500;
    private const int Connections = 50;

    private const string Script = """
        const WebSocket = require('ws'), http2 = require('http2');
        const [, url, kind, connections, messages] = process.argv;
        const payload = Buffer.alloc(5000, 'x');
        function send(socket, end) { for (let i = 0; i < messages; i++) socket.send(payload); end(); }
        function one(i) {
          return new Promise((resolve, reject) => {
            if (kind === 'h2') {
              const session = http2.connect(url);
              session.on('error', reject);
              session.on('remoteSettings', () => {
                const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/', 'sec-websocket-version': '13' });
                stream.on('error', () => {}); // the origin breaks off when the closing handshake is missing
                stream.on('response', headers => {
                  if (headers[':status'] !== 200) return reject(new Error('status ' + headers[':status']));
                  const socket = new WebSocket(null, undefined, {});
                  socket._isServer = false; // a client masks what it sends
                  socket.on('error', () => {});
                  socket.setSocket(stream, Buffer.alloc(0), { maxPayload: 0, skipUTF8Validation: true });
                  stream.on('close', () => { session.close(); resolve(); });
                  send(socket, () => stream.end());
                });
              });
              return;
            }
            const socket = new WebSocket(url.replace('http', 'ws'));
            socket.on('error', reject);
            socket.on('close', resolve);
            socket.on('open', () => send(socket, () => i % 2 ? socket.close() : socket._socket.end()));
          });
        }
        (async () => { for (let i = 0; i < connections; i++) await one(i); })().catch(e => { console.error(e); process.exit(1); });
        """;

    [PeerTheory("node", "npm:ws")]
    [InlineData("plain")]
    [InlineData("tls")]
    [InlineData("h2")]
    [Trait("Category", "Slow")]
    public async Task Messages_SentBeforeTheEnd_AllArrive(string kind)
    {
        var counts = new ConcurrentQueue<int>();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var (buffer, count) = (new byte[8192], 0);
            try
            {
                while (await socket.ReceiveAsync(buffer, Guard.Token) is { MessageType: not WebSocketMessageType.Close } received)
                    count += received.EndOfMessage ? 1 : 0;
                if (socket.State == WebSocketState.CloseReceived) await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Guard.Token);
            }
            catch (WebSocketException)
            {
                // The client ended its side without the closing handshake.
            }
            finally
            {
                counts.Enqueue(count);
            }
        });
        await using var gateway = await new ForwardingConfig(origin.Url)
        {
            Tls = kind == "tls",
            Tcp = kind == "h2" ? "h2c = true" : ""
        }.StartAsync(quiet: true);
        await NpmFolder.RunAsync(Script, TimeSpan.FromMinutes(2), gateway.Url.ToString().TrimEnd('/'), kind, $"{Connections}", $"{Messages}");
        await Guard.UntilAsync(() => counts.Count >= Connections);
        Assert.Equal(Enumerable.Repeat(Messages, Connections), counts);
    }
}
