using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>Finds listeners of different protocols, and of backends, that would be in each other's way; networks among themselves have been checked before.</summary>
internal sealed class ListenerChecks(ConfigProblems problems)
{
    /// <param name="snapshot">What would serve.</param>
    /// <param name="backends">Its backends.</param>
    public void Check(GatewaySnapshot snapshot, IEnumerable<IBackend> backends)
    {
        foreach (var adapter in snapshot.Modules.Adapters) adapter.Check(snapshot, problems);
        var all = snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).Where(b => !b.IsUdp).ToList();
        for (var i = 1; i < all.Count; i++)
        {
            if (all.Take(i).FirstOrDefault(b => b.Protocol != all[i].Protocol && AreInTheWay(b, all[i])) is not { } taken) continue;
            problems.Error(all[i].Origin.Location, $"{all[i].Owner} cannot bind {Shown(all[i].Address, all[i].Port)}, because {taken.Owner} binds {Shown(taken.Address, taken.Port)}");
        }

        CheckBackends([.. backends.SelectMany(b => b.Listeners)], all);
    }

    private void CheckBackends(List<BackendListener> listeners, List<ListenerBinding> bindings)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            var listener = listeners[i];
            if (bindings.Find(b => b.Port == listener.Port && Addresses.Overlap(b.Address, listener.Address)) is { } binding) Report(listener, binding.Owner, binding.Address);
            else if (listeners.Take(i).FirstOrDefault(l => Clash(l, listener)) is { } other) Report(listener, other.Owner, other.Address);
        }

        static bool Clash(BackendListener left, BackendListener right)
            => left.Port == right.Port && Addresses.Overlap(left.Address, right.Address) && !Equals(left.SharedAs, right.SharedAs);
    }

    private void Report(BackendListener listener, string owner, string address)
    {
        var message = $"{listener.Owner} cannot listen on {Shown(listener.Address, listener.Port)}, because {owner} binds {Shown(address, listener.Port)}";
        if (listener.IsDefault) problems.Warning(listener.Location, $"{message}; nothing that it moves can come in");
        else problems.Error(listener.Location, message);
    }

    private static bool AreInTheWay(ListenerBinding left, ListenerBinding right) => left.Port == right.Port && Addresses.Overlap(left.Address, right.Address);

    private static string Shown(string address, int port) => address.Contains(':') && !address.StartsWith('[') ? $"[{address}]:{port}" : $"{address}:{port}";
}
