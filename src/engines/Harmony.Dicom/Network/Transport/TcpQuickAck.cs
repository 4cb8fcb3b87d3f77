using System.Net.Sockets;

namespace Harmony.Dicom.Network.Transport;

/// <summary>
/// Acknowledges what was received at once (Linux: <c>TCP_QUICKACK</c>). The option does not last: the kernel goes back to delaying
/// acknowledgements by itself, so it is set again after every receive.
/// </summary>
public static class TcpQuickAck
{
    private const int ProtocolTcp = 6;
    private const int QuickAck = 12;

    /// <summary>Acknowledges now. Does nothing on other systems, on sockets that are not TCP's, and on closed ones.</summary>
    public static void Send(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp) return;
        try
        {
            socket.SetRawSocketOption(ProtocolTcp, QuickAck, [1, 0, 0, 0]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone; whoever reads next will see it.
        }
    }
}
