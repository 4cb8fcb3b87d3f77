using System.Diagnostics;
using System.Reflection;

namespace Harmony.Benchmarks.Allocations;

/// <summary>Holds every scenario to its budget and prints what it found.</summary>
internal static class AllocationCheck
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>Checks the scenarios named, all when none is named. The result is the exit code of the process.</summary>
    public static async Task<int> RunAsync(string[] names, TextWriter output)
    {
        if (typeof(AllocationCheck).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            await output.WriteLineAsync("Debug code allocates differently: dotnet run -c release --project bench/Harmony.Benchmarks -- --allocations");
            return Misused;
        }

        var unknown = names.Except(Scenarios.All.Select(scenario => scenario.Name)).ToList();
        if (unknown.Count > 0)
        {
            await output.WriteLineAsync($"No scenario is called {string.Join(", ", unknown)}. There are: {string.Join(", ", Scenarios.All.Select(scenario => scenario.Name))}");
            return Misused;
        }

        var budgets = AllocationBudgets.Load();
        var rows = new List<AllocationRow>();
        foreach (var scenario in Scenarios.All.Where(scenario => names.Length == 0 || names.Contains(scenario.Name)))
        {
            await using (scenario)
            {
                var measured = await AllocationMeter.BytesPerOperationAsync(scenario);
                rows.Add(new AllocationRow(scenario.Name, measured, budgets.TryGetValue(scenario.Name, out var budget) ? budget : null));
            }
        }

        if (names.Length == 0)
        {
            rows.AddRange(budgets.Where(budget => Scenarios.All.All(scenario => scenario.Name != budget.Key))
                .Select(budget => new AllocationRow(budget.Key, Measured: null, budget.Value)));
        }

        await PrintAsync(rows, output);
        return rows.Exists(row => row.Fails) ? Failed : Passed;
    }

    private static async Task PrintAsync(List<AllocationRow> rows, TextWriter output)
    {
        var width = rows.Select(row => row.Name.Length).Append("scenario".Length).Max();
        await output.WriteLineAsync($"{"scenario".PadRight(width)}  {"bytes/op",10}  {"budget",10}");
        foreach (var row in rows)
        {
            await output.WriteLineAsync($"{row.Name.PadRight(width)}  {row.Measured,10}  {row.Budget,10}  {row.Verdict}");
        }

        await output.WriteLineAsync($"{rows.Count(row => !row.Fails)} within budget, {rows.Count(row => row.Fails)} not");
    }
}
