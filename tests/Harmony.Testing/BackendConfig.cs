using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Testing;

/// <summary>
/// Configurations whose one pipeline leads from <c>/</c> to backend <c>b</c>. What a test gives stands first, so that it knows the lines.
/// </summary>
public static class BackendConfig
{
    /// <summary>The whole configuration: the TOML that defines backend <c>b</c>, and the rest.</summary>
    public static string With(string toml) => $"""
        {toml}
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        backends = ["b"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        """;

    /// <summary>Backend <c>b</c> with several targets, <c>t0</c> and so on, in their order.</summary>
    public static string Sharing(IEnumerable<Uri> targets, string options = "") => $"""
        [backends.b]
        service = "http"
        targets = [{string.Join(", ", targets.Select((_, i) => $"\"t{i}\""))}]
        [backends.b.options]
        {options}
        {string.Join('\n', targets.Select((url, i) => $"[targets.t{i}]\nurl = \"{url}\""))}
        """;

    public static Task<TestGateway> StartAsync(string toml, IReadOnlyDictionary<string, string>? files = null, TimeProvider? clock = null, IModulePack? extra = null)
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
    public static async Task<IReadOnlyList<string>> ProblemsOfAsync(string config, IReadOnlyDictionary<string, string>? files = null) => (await BuildAsync(config, files)).Problems;

    private static async Task<(IReadOnlyList<string>? Targets, IReadOnlyList<string> Problems)> BuildAsync(
        string config, IReadOnlyDictionary<string, string>? files)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-test-");
        try
        {
            var main = Path.Combine(folder.FullName, "config.toml");
            await File.WriteAllTextAsync(main, config);
            foreach (var (name, text) in files ?? new Dictionary<string, string>())
            {
                var path = Path.Combine(folder.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, text);
            }

            var modules = new ModuleRegistryBuilder();
            new StandardModules(TimeProvider.System).AddTo(modules);
            var problems = new ConfigProblems();
            var set = new ConfigLoader(problems, _ => null).Load(main);
            await using var snapshot = await new SnapshotBuilder(modules.Build(), NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(set, problems);
            return (snapshot?.Pipelines[0].Backends is [var first, ..] ? first.Targets : null, [.. problems.Select(p => p.ToString().Replace("config.toml", "").Replace(folder.FullName + "/", ""))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
