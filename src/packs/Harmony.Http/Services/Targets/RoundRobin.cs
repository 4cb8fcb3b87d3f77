namespace Harmony.Http.Services.Targets;

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
