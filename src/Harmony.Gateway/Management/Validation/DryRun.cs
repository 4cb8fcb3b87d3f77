using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Management.Validation;

/// <summary>What would become of a configuration here.</summary>
/// <param name="IsValid">Whether a reload would take it.</param>
/// <param name="Problems">What is wrong with it.</param>
/// <param name="Difference">The tables that it has and the running one has not, and the other way round.</param>
/// <param name="Diff">The same line by line, secrets masked.</param>
/// <param name="ListenersAdded">URLs of listeners that would be opened.</param>
/// <param name="ListenersRemoved">URLs of listeners that would be closed.</param>
internal sealed record DryRunResult(
    bool IsValid,
    IReadOnlyList<ConfigProblem> Problems,
    ConfigDifference Difference,
    IReadOnlyList<string> Diff,
    IReadOnlyList<string> ListenersAdded,
    IReadOnlyList<string> ListenersRemoved);

/// <summary>
/// Builds a configuration as a reload would, short of running it: nothing is opened, logged, or carried over, no code is loaded, and no file is
/// read but those that were sent and those that the running configuration reads.
/// </summary>
/// <param name="environment">Looks an environment variable up.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class DryRun(Func<string, string?> environment, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Tries files in the place of those of the running configuration; one set at a time.</summary>
    /// <exception cref="IOException">There is no room for them.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone, or the gateway ends.</exception>
    public async Task<DryRunResult> RunAsync(UploadedFiles files, GatewaySnapshot running, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        await _turn.WaitAsync(either.Token);
        try
        {
            using var shadow = ShadowFolder.Create(files);
            return await Task.Run(() => RunAsync(shadow, running, either.Token), either.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the trial under way, and every one that comes.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _turn.Dispose();
        _stop.Dispose();
    }

    private async Task<DryRunResult> RunAsync(ShadowFolder shadow, GatewaySnapshot running, CancellationToken ct)
    {
        var problems = new ConfigProblems();
        var trial = new TrialFiles(running.Config, shadow.Path, problems);
        var loader = new ConfigLoader(problems, environment) { Trial = trial };
        var config = loader.Load(shadow.MainFile);
        ct.ThrowIfCancellationRequested();
        // The modules of the running configuration, those of its plug-ins included.
        var next = loader.HasSyntaxErrors
            ? null
            : await new SnapshotBuilder(running.Modules, NullLoggerFactory.Instance, clock).BuildAsync(config, problems, ct);
        problems.RaiseObstacles();
        var (before, after) = (UrlsOf(running), next is null ? [] : UrlsOf(next));
        if (next is not null) await next.DisposeAsync();
        var difference = ConfigDifference.Between(running.Config, config);
        return new DryRunResult(
            !problems.HasErrors,
            [.. problems.Select(p => shadow.Translate(p)).Select(p => p with { Message = WithoutContents(p.Message, trial) })],
            difference,
            [.. MaskedDiff.Of(running.Config, config, difference, running.Modules, ct).Select(line => WithoutContents(line, trial))],
            next is null ? [] : [.. after.Except(before)],
            next is null ? [] : [.. before.Except(after)]);
    }

    /// <summary>The content of a file that was not sent is not shown to a user who only names the file.</summary>
    private static string WithoutContents(string text, TrialFiles trial)
    {
        foreach (var content in trial.Contents) text = text.Replace(content, SensitiveNames.Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    private static List<string> UrlsOf(GatewaySnapshot snapshot) => [.. snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).Select(b => b.Url)];
}
