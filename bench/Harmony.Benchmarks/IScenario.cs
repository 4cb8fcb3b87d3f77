namespace Harmony.Benchmarks;

/// <summary>
/// One operation of a hot path. Every public or internal class in this assembly that implements it and has a parameterless constructor is found by
/// itself: it is timed by <see cref="ScenarioBenchmarks"/> and held to its budget in <c>allocations.json</c>.
/// </summary>
internal interface IScenario : IAsyncDisposable
{
    /// <summary>Its name in <c>allocations.json</c>: area and operation, for example <c>routing/exact-path</c>.</summary>
    string Name { get; }

    /// <summary>Whether other threads do part of the work, so that allocations of the whole process are counted.</summary>
    bool WorksOnOtherThreads => false;

    /// <summary>Builds what the operation needs: everything that Harmony does at load and not per request.</summary>
    ValueTask SetupAsync() => ValueTask.CompletedTask;

    /// <summary>What happens once per request. Called many times, never twice at once.</summary>
    ValueTask OperationAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}
