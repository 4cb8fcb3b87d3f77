using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Packs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Testing;

/// <summary>
/// Configurations whose one pipeline leads from <c>/</c> to backend <c>b</c>. What a test gives stands first, so that it knows the lines.
/// </summary>
public static class BackendConfig
{
    /// <summary>The whole configuration: the TOML that defines backend <c>b</c>, and the rest.</summary>
    /// <param name="toml">Stands first.</param>
    /// <param name="middleware">Names in quotation marks, with commas.</param>
    public static string With(string toml, string middleware = "") => $"{toml}\n{new OnePipeline("b") { Middleware = middleware }.ToToml()}";

    /// <summary>Backend <c>b</c> with several targets, <c>t0</c> and so on, in their order.</summary>
    public static string Sharing(IEnumerable<Uri> targets, string options = "") => $"""
        [backends.b]
        service = "http"
        targets = [{string.Join(", ", targets.Select((_, i) => $"\"t{i}\""))}]
        [backends.b.options]
        {options}
        {string.Join('\n', targets.Select((url, i) => $"[targets.t{i}]\nurl = \"{url}\""))}
        """;

    public static Task<TestGateway> StartAsync(
        string toml, IReadOnlyDictionary<string, string>? files = null, TimeProvider? clock = null, IModulePack? extra = null)
        => TestGateway.StartAsync(With(toml), files, clock, extra);

    /// <summary>Where backend <c>b</c> sends, as <c>harmony explain</c> says it.</summary>
    public static async Task<IReadOnlyList<string>> TargetsAsync(string toml)
    {
        var (targets, problems) = await BuildAsync(With(toml), null);
        return targets ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    /// <summary>What is wrong with a configuration: <c>(line,column): error: message</c>, one line each.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(string toml, IReadOnlyDictionary<string, string>? files = null)
        => (await BuildAsync(With(toml), files)).Problems;

    /// <summary>The same of a whole configuration.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsOfAsync(string config, IReadOnlyDictionary<string, string>? files = null)
        => (await BuildAsync(config, files)).Problems;

    private static async Task<(IReadOnlyList<string>? Targets, IReadOnlyList<string> Problems)> BuildAsync(
        string config, IReadOnlyDictionary<string, string>? files)
    {
        using var folder = new TestFolder();
        folder.Write(files);
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(TimeProvider.System).AddTo(modules);
        var problems = new ConfigProblems();
        var set = new ConfigLoader(problems, _ => null).Load(folder.Write("config.toml", config));
        await using var snapshot = await new SnapshotBuilder(modules.Build(), NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(set, problems);
        return (snapshot?.Pipelines[0].Backends is [var first, ..]
            ? first.Targets
            : null, [.. problems.Select(p => p.ToString().Replace("config.toml", "").Replace(folder.Path + "/", ""))]);
    }
}
