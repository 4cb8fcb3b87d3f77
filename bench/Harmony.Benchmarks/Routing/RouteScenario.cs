using Harmony.Core.Routing;

namespace Harmony.Benchmarks.Routing;

/// <summary>Finds one of a hundred routes for a canonical path.</summary>
internal sealed class RouteScenario : IScenario
{
    private RouteTable<string>? _table;

    public string Name => "routing/match";

    public ValueTask SetupAsync()
    {
        var builder = new RouteTable<string>.Builder();
        for (var i = 0; i < 100; i++) builder.TryAddPrefix($"/tenant{i}/api", null, $"pipeline{i}", out _);
        _table = builder.Build();
        return ValueTask.CompletedTask;
    }

    public ValueTask OperationAsync()
    {
        if (_table!.Match("/tenant42/api/orders/17", "GET").Value != "pipeline42") throw new InvalidOperationException("the wrong route was found");
        return ValueTask.CompletedTask;
    }
}
