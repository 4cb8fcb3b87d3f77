namespace Harmony.Http.Services.Targets;

/// <summary>Of two taken at random the one with fewer requests under way for its weight: nearly as even as looking at all, without the crowding.</summary>
internal sealed class PowerOfTwo<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    protected override T? Choose(TargetFilter filter, uint turn)
    {
        var count = 0;
        foreach (var target in Targets)
        {
            if (filter.Admits(target)) count++;
        }

        if (count == 0) return null;
        var one = Random.Shared.Next(count);
        var first = Nth(filter, one);
        if (count == 1 || first is null) return first;
        var second = Nth(filter, (one + 1 + Random.Shared.Next(count - 1)) % count);
        return second is not null && second.Load < first.Load ? second : first;
    }

    /// <summary>The nth that the filter admits; the last one when there are no longer as many.</summary>
    private T? Nth(TargetFilter filter, int n)
    {
        T? last = null;
        foreach (var target in Targets)
        {
            if (!filter.Admits(target)) continue;
            last = target;
            if (n-- == 0) return target;
        }

        return last;
    }
}
