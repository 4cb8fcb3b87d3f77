namespace Harmony.Http.Services.Targets;

/// <summary>The target with the fewest requests under way for its weight; of equals, each in turn.</summary>
internal sealed class LeastRequests<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    protected override T? Choose(TargetFilter filter, uint turn)
    {
        T? best = null;
        var load = double.PositiveInfinity;
        var start = (int)(turn % (uint)Targets.Length);
        for (var i = 0; i < Targets.Length; i++)
        {
            var target = Targets[(start + i) % Targets.Length];
            if (!filter.Admits(target) || target.Load is var its && its >= load) continue;
            (best, load) = (target, its);
        }

        return best;
    }
}
