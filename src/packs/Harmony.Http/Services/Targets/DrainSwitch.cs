namespace Harmony.Http.Services.Targets;

/// <summary>
/// Whether an operator has taken a target out. Apart from what is known of its health, so that it outlives every reload that leaves the
/// target at its URL, whatever else is changed. Safe for concurrent use.
/// </summary>
internal sealed class DrainSwitch
{
    private volatile bool _isDrained;

    /// <summary>Whether nobody sends to it.</summary>
    public bool IsDrained
    {
        get => _isDrained;
        set => _isDrained = value;
    }
}
