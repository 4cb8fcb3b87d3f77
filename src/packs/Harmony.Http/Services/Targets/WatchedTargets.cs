namespace Harmony.Http.Services.Targets;

/// <summary>The targets of a backend in use, for those who measure.</summary>
/// <param name="backend">Its name.</param>
/// <param name="targets">What it sends to.</param>
internal sealed class WatchedTargets(string backend, IReadOnlyList<Target> targets)
{
    public string Backend { get; } = backend;

    public IReadOnlyList<Target> Targets { get; } = targets;
}
