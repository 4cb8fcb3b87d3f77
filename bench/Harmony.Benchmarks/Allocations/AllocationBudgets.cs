using System.Text.Json;

namespace Harmony.Benchmarks.Allocations;

/// <summary>The content of <c>allocations.json</c>: bytes that one operation of a scenario may allocate, by its name.</summary>
internal static class AllocationBudgets
{
    private static readonly JsonSerializerOptions Relaxed = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static IReadOnlyDictionary<string, long> Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "allocations.json"));
        return JsonSerializer.Deserialize<Dictionary<string, long>>(file, Relaxed) ?? [];
    }
}
