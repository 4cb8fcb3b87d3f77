namespace Harmony.Modules.Services.Http.Targets;

/// <summary>Any, by weight.</summary>
internal sealed class RandomTarget(HttpTarget[] targets) : TargetPicker(targets)
{
    protected override HttpTarget? Choose(TargetFilter filter, uint turn)
    {
        var total = 0;
        foreach (var target in Targets)
        {
            if (filter.Admits(target)) total += target.Weight;
        }

        HttpTarget? last = null;
        var left = Random.Shared.Next(Math.Max(1, total));
        foreach (var target in Targets)
        {
            if (!filter.Admits(target)) continue;
            last = target;
            if ((left -= target.Weight) < 0) return target;
        }

        return last;
    }
}
