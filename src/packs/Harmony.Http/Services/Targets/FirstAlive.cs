namespace Harmony.Http.Services.Targets;

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
