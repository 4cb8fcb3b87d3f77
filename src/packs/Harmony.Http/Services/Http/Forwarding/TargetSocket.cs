using System.Net.Sockets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Sockets to targets, whatever is spoken over them.</summary>
internal static class TargetSocket
{
    /// <summary>
    /// Most bytes that wait in the system for the target to have room, as opposed to those on their way to it. Without it the system takes
    /// megabytes and says for long nothing of how they drain: a target that takes an upload slowly would look as if it took nothing. Bytes
    /// on their way are not counted, so a fast connection is as fast as before however long it is.
    /// </summary>
    private const int MostWaiting = 128 * 1024;

    private const int LevelOfTcp = 6; // IPPROTO_TCP of Linux
    private const int NotSentLowWater = 25; // TCP_NOTSENT_LOWAT of Linux

    /// <summary>Sets what is the same for all.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(LevelOfTcp, NotSentLowWater, BitConverter.GetBytes(MostWaiting));
        }
        catch (SocketException)
        {
            // Some sandboxes do not know the option. Uploads work without it; only their time-out is less exact.
        }
    }

    /// <summary>Connects for <see cref="SocketsHttpHandler"/>, as it would by itself.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
