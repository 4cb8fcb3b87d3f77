namespace Harmony.Modules.Services.Http.Targets;

/// <summary>No choice: there is one target, well or not, unless an operator has taken it out.</summary>
internal sealed class OnlyTarget(HttpTarget[] targets) : TargetPicker(targets)
{
    public override HttpTarget Pick(HttpTarget? except) => Targets[0].Health.IsDrained ? FirstEnabled() : Targets[0];

    protected override HttpTarget? Choose(TargetFilter filter, uint turn) => Targets[0];
}
