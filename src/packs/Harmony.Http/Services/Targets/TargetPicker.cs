using Harmony.Core.Faults;

namespace Harmony.Http.Services.Targets;

/// <summary>Chooses the target of the next request among those that are well.</summary>
/// <typeparam name="T">What they are.</typeparam>
internal abstract class TargetPicker<T>(T[] targets)
    where T : Target
{
    private int _turn = -1;

    protected T[] Targets { get; } = targets;

    public static TargetPicker<T> Create(string strategy, T[] targets) => targets.Length == 1 ? new OnlyTarget<T>(targets) : strategy switch
    {
        "least_requests" => new LeastRequests<T>(targets),
        "power_of_two" => new PowerOfTwo<T>(targets),
        "random" => new RandomTarget<T>(targets),
        "first" => new FirstAlive<T>(targets),
        _ => new RoundRobin<T>(targets),
    };

    /// <summary>
    /// A target that is well and is not <paramref name="except"/>; failing that one that is well; failing that any, because a target that
    /// seems ill may answer, and refusing to ask certainly does not. None that an operator has taken out.
    /// </summary>
    /// <param name="except">The target that has just failed this request, or null.</param>
    /// <exception cref="GatewayException">All of them have been taken out.</exception>
    public virtual T Pick(T? except)
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        return Choose(new TargetFilter(except, OnlyWell: true), turn)
            ?? Choose(new TargetFilter(null, OnlyWell: true), turn)
            ?? Choose(new TargetFilter(except, OnlyWell: false), turn)
            ?? FirstEnabled();
    }

    /// <summary>The first that no operator has taken out.</summary>
    protected T FirstEnabled()
        => Array.Find(Targets, t => !t.Health.IsDrained)
            ?? throw new GatewayException(
                FaultSource.Gateway, FaultKind.Unavailable, $"{Targets[0].Described} was taken out by an operator, and so was every other");

    /// <summary>A target that the filter admits, by this strategy; null when there is none.</summary>
    /// <param name="filter">Which may be chosen.</param>
    /// <param name="turn">Counts the picks.</param>
    protected abstract T? Choose(TargetFilter filter, uint turn);
}

/// <summary>Which targets a picker may choose from.</summary>
/// <param name="Except">One that has just failed the request, or null.</param>
/// <param name="OnlyWell">Whether ill ones are out.</param>
internal readonly record struct TargetFilter(Target? Except, bool OnlyWell)
{
    public bool Admits(Target target) => target != Except && !target.Health.IsDrained && (!OnlyWell || target.Health.IsWell);
}

/// <summary>No choice: there is one target, well or not, unless an operator has taken it out.</summary>
internal sealed class OnlyTarget<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    public override T Pick(T? except) => Targets[0].Health.IsDrained ? FirstEnabled() : Targets[0];

    protected override T? Choose(TargetFilter filter, uint turn) => Targets[0];
}

/// <summary>The first in the order of the configuration that is well: the others stand by.</summary>
internal sealed class FirstAlive<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    protected override T? Choose(TargetFilter filter, uint turn)
    {
        foreach (var target in Targets)
        {
            if (filter.Admits(target)) return target;
        }

        return null;
    }
}

/// <summary>One after the other; a target of weight n comes n times a round, spread over it.</summary>
internal sealed class RoundRobin<T> : TargetPicker<T>
    where T : Target
{
    private readonly T[] _round;

    public RoundRobin(T[] targets)
        : base(targets)
        => _round = Spread(targets);

    protected override T? Choose(TargetFilter filter, uint turn)
    {
        var start = (int)(turn % (uint)_round.Length);
        for (var i = 0; i < _round.Length; i++)
        {
            var target = _round[(start + i) % _round.Length];
            if (filter.Admits(target)) return target;
        }

        return null;
    }

    /// <summary>Smooth weighted round robin: each turn every target gains its weight, and the one ahead is taken and pays the total.</summary>
    private static T[] Spread(T[] targets)
    {
        var common = targets.Aggregate(0, (divisor, target) => CommonDivisor(divisor, target.Weight));
        var total = targets.Sum(t => t.Weight) / common;
        var credit = new int[targets.Length];
        var round = new T[total];
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < targets.Length; i++)
            {
                credit[i] += targets[i].Weight / common;
                if (credit[i] > credit[best]) best = i;
            }

            credit[best] -= total;
            round[turn] = targets[best];
        }

        return round;
    }

    private static int CommonDivisor(int a, int b) => b == 0 ? a : CommonDivisor(b, a % b);
}

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
