namespace Harmony.Modules.Services.Http.Targets;

/// <summary>No choice: there is one target, well or not.</summary>
internal sealed class OnlyTarget(HttpTarget[] targets) : TargetPicker(targets)
{
    public override HttpTarget Pick(HttpTarget? except) => Targets[0];

    protected override HttpTarget? Choose(TargetFilter filter, uint turn) => Targets[0];
}
