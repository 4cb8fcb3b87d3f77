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
            ?? throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"{Targets[0].Described} was taken out by an operator, and so was every other");

    /// <summary>A target that the filter admits, by this strategy; null when there is none.</summary>
    /// <param name="filter">Which may be chosen.</param>
    /// <param name="turn">Counts the picks.</param>
    protected abstract T? Choose(TargetFilter filter, uint turn);
}
