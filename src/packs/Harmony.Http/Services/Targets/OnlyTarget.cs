namespace Harmony.Http.Services.Targets;

/// <summary>No choice: there is one target, well or not, unless an operator has taken it out.</summary>
internal sealed class OnlyTarget<T>(T[] targets) : TargetPicker<T>(targets)
    where T : Target
{
    public override T Pick(T? except) => Targets[0].Health.IsDrained ? FirstEnabled() : Targets[0];

    protected override T? Choose(TargetFilter filter, uint turn) => Targets[0];
}
