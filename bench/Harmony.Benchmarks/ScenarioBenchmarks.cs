using BenchmarkDotNet.Attributes;

namespace Harmony.Benchmarks;

/// <summary>Times every scenario with BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class ScenarioBenchmarks
{
    private IScenario _scenario = null!;

    public static IEnumerable<string> Names => Scenarios.All.Select(scenario => scenario.Name);

    [ParamsSource(nameof(Names))]
    public string Scenario { get; set; } = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _scenario = Scenarios.Get(Scenario);
        await _scenario.SetupAsync();
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _scenario.DisposeAsync();

    [Benchmark]
    public ValueTask OperationAsync() => _scenario.OperationAsync();
}
