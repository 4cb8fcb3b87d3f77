namespace Harmony.Http.Services.Targets;

/// <summary>The targets of a backend: chooses among them, counts their failures, and has them watched while its configuration is in use.</summary>
/// <typeparam name="T">What they are.</typeparam>
internal sealed class TargetGroup<T> : IAsyncDisposable
    where T : Target
{
    private readonly TargetPicker<T> _picker;
    private readonly HealthChecker[] _checkers;

    /// <param name="backend">The backend's name.</param>
    /// <param name="strategy">How requests are shared: a value of <c>load_balancing</c>.</param>
    /// <param name="targets">At least one.</param>
    /// <param name="checkers">The health checks of the targets; empty without health checks.</param>
    public TargetGroup(string backend, string strategy, T[] targets, IEnumerable<HealthChecker> checkers)
    {
        (Backend, All, _checkers) = (backend, targets, [.. checkers]);
        foreach (var target in targets) target.Backend = backend;
        LoadBalancing = targets.Length > 1 ? strategy : null;
        _picker = TargetPicker<T>.Create(strategy, targets);
    }

    /// <summary>The backend's name.</summary>
    public string Backend { get; }

    /// <summary>All of them, in the order of the configuration.</summary>
    public IReadOnlyList<T> All { get; }

    /// <summary>How requests are shared; null where there is nothing to share among.</summary>
    public string? LoadBalancing { get; }

    /// <summary>The target of the next try; see <see cref="TargetPicker{T}.Pick"/>.</summary>
    /// <exception cref="Harmony.Core.Faults.GatewayException">All of them have been taken out.</exception>
    public T Pick(T? except) => _picker.Pick(except);

    /// <summary>Begins to watch and to ask them.</summary>
    public void Activate()
    {
        TargetMetrics.Watch(All);
        foreach (var checker in _checkers) checker.Start();
    }

    /// <summary>Asks them no more: those of another configuration do.</summary>
    public void Deactivate()
    {
        foreach (var checker in _checkers) checker.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        TargetMetrics.Forget(All);
        foreach (var checker in _checkers) await checker.DisposeAsync();
    }
}
