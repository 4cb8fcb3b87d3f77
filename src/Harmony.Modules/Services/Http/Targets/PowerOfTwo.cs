namespace Harmony.Modules.Services.Http.Targets;

/// <summary>Of two taken at random the one with fewer requests under way for its weight: nearly as even as looking at all, without the crowding.</summary>
internal sealed class PowerOfTwo(HttpTarget[] targets) : TargetPicker(targets)
{
    protected override HttpTarget? Choose(TargetFilter filter, uint turn)
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
        return second is not null && LeastRequests.LoadOf(second) < LeastRequests.LoadOf(first) ? second : first;
    }

    /// <summary>The nth that the filter admits; the last one when there are no longer as many.</summary>
    private HttpTarget? Nth(TargetFilter filter, int n)
    {
        HttpTarget? last = null;
        foreach (var target in Targets)
        {
            if (!filter.Admits(target)) continue;
            last = target;
            if (n-- == 0) return target;
        }

        return last;
    }
}
