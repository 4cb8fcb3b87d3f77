using System.Net;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>What a port for objects of moves is made for. Backends with equal settings share it.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="Tls">Fingerprint of what is trusted and shown; null without TLS.</param>
internal sealed record IncomingPortSettings(IPAddress Ip, int Port, string? Tls)
{
    /// <summary>For people.</summary>
    public string Address => new IPEndPoint(Ip, Port).ToString();
}
