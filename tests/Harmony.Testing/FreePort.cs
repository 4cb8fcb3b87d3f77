using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Harmony.Testing;

/// <summary>Ports for programs that have to be told one. Where a test can bind port 0 itself it does that instead.</summary>
public static class FreePort
{
    /// <summary>Below the ports that Linux gives to connections and to whoever binds port 0: none of those can come between.</summary>
    private const int First = 12_000, End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    /// <summary>A port of the loopback interface that was free a moment ago, and that this process has not given to anybody before.</summary>
    /// <exception cref="InvalidOperationException">No port is free.</exception>
    public static int Take()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (!Taken.TryAdd(port, true)) continue;
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one.
            }
        }

        throw new InvalidOperationException("no port is free");
    }
}
