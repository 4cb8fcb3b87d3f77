namespace Harmony.Benchmarks.Allocations;

/// <summary>Counts the bytes that one operation of a scenario allocates.</summary>
internal static class AllocationMeter
{
    private const int WarmUp = 2_000;
    private const int Batches = 5;
    private const int Operations = 2_000;

    /// <summary>
    /// Bytes per operation, exact to the byte for what happens on one thread. The lowest of several batches: whatever else the process allocates,
    /// timers and pools growing, can only add.
    /// </summary>
    public static async Task<long> BytesPerOperationAsync(IScenario scenario)
    {
        await scenario.SetupAsync();
        for (var i = 0; i < WarmUp; i++) await scenario.OperationAsync();

        var lowest = long.MaxValue;
        for (var i = 0; i < Batches; i++)
        {
            lowest = Math.Min(lowest, await CountBatchAsync(scenario));
        }

        return (lowest + (Operations / 2)) / Operations;
    }

    private static async Task<long> CountBatchAsync(IScenario scenario)
    {
        var suspended = scenario.WorksOnOtherThreads;
        var byProcess = GC.GetTotalAllocatedBytes(precise: true);
        var byThread = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Operations; i++)
        {
            var operation = scenario.OperationAsync();
            suspended |= !operation.IsCompleted;
            await operation;
        }

        byThread = GC.GetAllocatedBytesForCurrentThread() - byThread;
        byProcess = GC.GetTotalAllocatedBytes(precise: true) - byProcess;
        return suspended ? byProcess : byThread; // once it has waited, other threads took part
    }
}
