using System.Net.Sockets;
using Harmony.Core.Building;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Hosting;

/// <summary>From the listeners of one configuration to those of the next.</summary>
/// <param name="Kept">Wanted by both.</param>
/// <param name="Obsolete">No longer wanted.</param>
internal sealed record ListenerChange(IReadOnlyList<OpenListener> Kept, IReadOnlyList<OpenListener> Obsolete)
{
    /// <summary>New ones, open.</summary>
    public List<OpenListener> Opened { get; } = [];

    /// <summary>Those of <see cref="Obsolete"/> that had to close early, because a new one needs their address.</summary>
    public List<OpenListener> Released { get; } = [];

    /// <summary><c>+http://127.0.0.1:8081, -http://127.0.0.1:8080</c>, or <c>none</c>.</summary>
    public override string ToString()
        => Opened.Count + Obsolete.Count == 0
            ? "none"
            : string.Join(", ", Opened.Select(o => $"+{o.Listener.Binding.Url}").Concat(Obsolete.Select(o => $"-{o.Listener.Binding.Url}")));

    /// <summary>Whether a binding needs the address of a listener that is to close.</summary>
    public bool IsInTheWayOf(ListenerBinding binding) => Obsolete.Any(o => Overlap(o.Listener.Binding, binding));

    /// <summary>Notes the listeners whose address a binding needs as released.</summary>
    /// <returns>Those that were not released before.</returns>
    public IReadOnlyList<OpenListener> Release(ListenerBinding binding)
    {
        var inTheWay = Obsolete.Except(Released).Where(o => Overlap(o.Listener.Binding, binding)).ToList();
        Released.AddRange(inTheWay);
        return inTheWay;
    }

    private static bool Overlap(ListenerBinding left, ListenerBinding right)
        => left.Port == right.Port && left.IsUdp == right.IsUdp && Addresses.Overlap(left.Address, right.Address);
}

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
