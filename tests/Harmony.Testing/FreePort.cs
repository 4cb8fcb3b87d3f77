using System.Collections.Concurrent;
using System.Diagnostics;
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

    /// <summary>
    /// Listens on a port that may have been listened on before. A program that another test starts in the moment when that ends has a copy of the socket until
    /// it has begun, and the system counts the port as used.
    /// </summary>
    /// <param name="listen">Listens.</param>
    public static T Listen<T>(Func<T> listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        using var never = new ManualResetEventSlim();
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                return listen();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && waited.Elapsed < Guard.Limit)
            {
                never.Wait(5); // nothing tells when it has
            }
        }
    }
}
