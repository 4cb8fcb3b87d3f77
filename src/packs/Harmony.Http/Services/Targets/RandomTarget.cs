namespace Harmony.Http.Services.Targets;

/// <summary>Any, by weight.</summary>
internal sealed class RandomTarget<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    protected override T? Choose(TargetFilter filter, uint turn)
    {
        var total = 0;
        foreach (var target in Targets)
        {
            if (filter.Admits(target)) total += target.Weight;
        }

        T? last = null;
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
