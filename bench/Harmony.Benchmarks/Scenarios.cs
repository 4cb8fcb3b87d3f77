namespace Harmony.Benchmarks;

/// <summary>The scenarios of this assembly, ordered by name.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<IScenario> All { get; } = Find();

    public static IScenario Get(string name) => All.Single(scenario => scenario.Name == name);

    private static List<IScenario> Find()
    {
        var scenarios = typeof(IScenario).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IScenario)))
            .Select(type => (IScenario)Activator.CreateInstance(type)!)
            .OrderBy(scenario => scenario.Name, StringComparer.Ordinal)
            .ToList();
        var twice = scenarios.GroupBy(scenario => scenario.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? scenarios : throw new InvalidOperationException($"Two scenarios are called '{twice.Key}'.");
    }
}
