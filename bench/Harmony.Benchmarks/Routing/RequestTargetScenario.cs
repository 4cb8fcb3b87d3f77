using Harmony.Core.Routing;

namespace Harmony.Benchmarks.Routing;

/// <summary>Parses a request target that is canonical already and has no query: nothing to write anew.</summary>
internal sealed class RequestTargetScenario : IScenario
{
    public string Name => "routing/request-target";

    public ValueTask OperationAsync()
    {
        if (!RequestTarget.TryParse("/tenant42/api/orders/17", out _, out _)) throw new InvalidOperationException("a good target was refused");
        return ValueTask.CompletedTask;
    }
}
