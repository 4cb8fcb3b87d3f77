using System.Net.Sockets;

namespace Harmony.Gateway.Hosting;

/// <summary>Says why an address could not be bound, and what to do.</summary>
internal static class BindFailure
{
    public static string Reason(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket) return Reason(socket);
        }

        return e.Message.ReplaceLineEndings(" ");
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the address is in use by another program; stop it or choose another port",
        SocketError.AccessDenied => "permission denied; ports below 1024 need a privilege, others may be closed by policy",
        SocketError.AddressNotAvailable => "no interface of this machine has that address",
        _ => e.Message,
    };
}
