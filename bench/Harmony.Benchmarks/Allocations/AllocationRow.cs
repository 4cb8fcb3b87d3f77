namespace Harmony.Benchmarks.Allocations;

/// <summary>One line of the table: what a scenario allocates per operation, and what it may.</summary>
/// <param name="Name">Of the scenario.</param>
/// <param name="Measured">Bytes per operation; null when no scenario has this name.</param>
/// <param name="Budget">Bytes per operation; null when <c>allocations.json</c> has none.</param>
internal sealed record AllocationRow(string Name, long? Measured, long? Budget)
{
    private const long WorthLowering = 64;

    public bool Fails => Measured is null || Budget is null || Measured > Budget;

    public string Verdict => (Measured, Budget) switch
    {
        (null, _) => "FAILS: no such scenario; remove it from allocations.json",
        ({ } measured, null) => $"FAILS: no budget; add \"{Name}\": {measured} to allocations.json",
        ({ } measured, { } budget) when measured > budget => $"FAILS: {measured - budget} bytes over budget",
        ({ } measured, { } budget) when budget - measured >= Math.Max(WorthLowering, budget / 4) => $"ok; far below, lower the budget to {measured}",
        _ => "ok",
    };
}
