using System.Net;
using System.Net.Sockets;

namespace Harmony.Core.Egress;

/// <summary>
/// Resolves a name and connects only to those of its addresses that the policy permits. Judging and connecting use the same answer of the
/// name server: one that answers differently the second time (DNS rebinding) gains nothing.
/// </summary>
/// <param name="policy">Judges addresses.</param>
/// <param name="resolve">Resolves names; the system's resolver when null.</param>
internal sealed class EgressConnector(EgressPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <exception cref="EgressException"><see cref="EgressFailure.Denied"/>: none of the addresses is permitted.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, ct);
        var permitted = Array.FindAll(addresses, policy.Permits);
        if (permitted.Length == 0 && addresses.Length > 0)
        {
            throw new EgressException(EgressFailure.Denied, $"'{host}' may not be reached: {EgressPolicy.ReasonAgainst(addresses[0])}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
