using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>Finds listeners of different protocols that would be in each other's way; networks among themselves have been checked before.</summary>
internal sealed class ListenerChecks(ConfigProblems problems)
{
    public void Check(GatewaySnapshot snapshot)
    {
        foreach (var adapter in snapshot.Modules.Adapters) adapter.Check(snapshot, problems);
        var all = snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).Where(b => !b.IsUdp).ToList();
        for (var i = 1; i < all.Count; i++)
        {
            if (all.Take(i).FirstOrDefault(b => b.Protocol != all[i].Protocol && AreInTheWay(b, all[i])) is not { } taken) continue;
            problems.Error(all[i].Origin.Location, $"{all[i].Owner} cannot bind {Shown(all[i])}, because {taken.Owner} binds {Shown(taken)}");
        }
    }

    private static bool AreInTheWay(ListenerBinding left, ListenerBinding right) => left.Port == right.Port && Addresses.Overlap(left.Address, right.Address);

    private static string Shown(ListenerBinding binding) => binding.Address.Contains(':') && !binding.Address.StartsWith('[') ? $"[{binding.Address}]:{binding.Port}" : $"{binding.Address}:{binding.Port}";
}
