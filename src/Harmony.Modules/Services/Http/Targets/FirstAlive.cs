namespace Harmony.Modules.Services.Http.Targets;

/// <summary>The first in the order of the configuration that is well: the others stand by.</summary>
internal sealed class FirstAlive(HttpTarget[] targets) : TargetPicker(targets)
{
    protected override HttpTarget? Choose(TargetFilter filter, uint turn)
    {
        foreach (var target in Targets)
        {
            if (filter.Admits(target)) return target;
        }

        return null;
    }
}
