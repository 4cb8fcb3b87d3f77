using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Management.Validation;

/// <summary>Builds a configuration as a reload would, short of running it: nothing is opened, logged, or carried over.</summary>
/// <param name="registry">The modules there are without plug-ins.</param>
/// <param name="environment">Looks an environment variable up.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class DryRun(ModuleRegistry registry, Func<string, string?> environment, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Tries files in the place of those of the running configuration; one set at a time.</summary>
    /// <exception cref="IOException">There is no room for them.</exception>
    public async Task<DryRunResult> RunAsync(UploadedFiles files, GatewaySnapshot running)
    {
        await _turn.WaitAsync();
        try
        {
            using var shadow = ShadowFolder.Create(files, running.Config);
            return await RunAsync(shadow, running);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<DryRunResult> RunAsync(ShadowFolder shadow, GatewaySnapshot running)
    {
        var problems = new ConfigProblems();
        var loader = new ConfigLoader(problems, environment);
        var config = loader.Load(shadow.MainFile);
        var next = loader.HasSyntaxErrors ? null : await new SnapshotBuilder(registry, NullLoggerFactory.Instance, clock).BuildAsync(config, problems);
        problems.RaiseObstacles();
        var (before, after) = (UrlsOf(running), next is null ? [] : UrlsOf(next));
        if (next is not null) await next.DisposeAsync();
        var difference = ConfigDifference.Between(running.Config, config);
        return new DryRunResult(
            !problems.HasErrors,
            [.. problems.Select(shadow.Translate)],
            difference,
            MaskedDiff.Of(running.Config, config, difference, registry),
            next is null ? [] : [.. after.Except(before)],
            next is null ? [] : [.. before.Except(after)]);
    }

    private static List<string> UrlsOf(GatewaySnapshot snapshot) => [.. snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).Select(b => b.Url)];
}
