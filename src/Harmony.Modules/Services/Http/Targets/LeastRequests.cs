namespace Harmony.Modules.Services.Http.Targets;

/// <summary>The target with the fewest requests under way for its weight; of equals, each in turn.</summary>
internal sealed class LeastRequests(HttpTarget[] targets) : TargetPicker(targets)
{
    protected override HttpTarget? Choose(TargetFilter filter, uint turn)
    {
        HttpTarget? best = null;
        var load = double.PositiveInfinity;
        var start = (int)(turn % (uint)Targets.Length);
        for (var i = 0; i < Targets.Length; i++)
        {
            var target = Targets[(start + i) % Targets.Length];
            if (!filter.Admits(target) || LoadOf(target) is var its && its >= load) continue;
            (best, load) = (target, its);
        }

        return best;
    }

    /// <summary>Requests under way with the one to come, for each unit of weight.</summary>
    public static double LoadOf(HttpTarget target) => (double)(target.InFlight + 1) / target.Weight;
}
