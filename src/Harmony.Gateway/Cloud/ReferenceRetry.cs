using Harmony.Core.Runtime;
using Harmony.Gateway.Reloading;
using Harmony.Mesh.Members;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Cloud;

/// <summary>
/// Asks providers on the network again for the references that they could not resolve when the configuration was built, and has the configuration built anew as
/// soon as one can be. Meanwhile the gateway serves what does not depend on them.
/// </summary>
internal sealed class ReferenceRetry : IReloadObserver, IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromDays(1);

    private readonly Func<GatewaySnapshot> _running;
    private readonly Reloader _reloader;
    private readonly ILogger _logger;
    private readonly BackgroundLoop _loop;
    private GatewaySnapshot? _asked;
    private int _failures;

    /// <summary>Begins to look after the references of the configuration that runs.</summary>
    /// <param name="running">Gives the configuration that runs.</param>
    /// <param name="reloader">Replaces it.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Target <c>harmony.cloud</c>.</param>
    public ReferenceRetry(Func<GatewaySnapshot> running, Reloader reloader, TimeProvider clock, ILogger logger)
    {
        (_running, _reloader, _logger) = (running, reloader, logger);
        _loop = BackgroundLoop.Start("resolving references", RoundAsync, clock, logger);
        reloader.Observe(this);
    }

    /// <inheritdoc/>
    public void Attempting()
    {
    }

    /// <inheritdoc/>
    public void Attempted(ReloadStatus status)
    {
        if (status.LastSucceeded) _loop.Wake();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async ValueTask<TimeSpan> RoundAsync(CancellationToken ct)
    {
        // Files that do not load, or are not what runs, are left alone: the reload that takes them asks for the references too.
        if (_running() is not { Meshes: MeshSet { Unresolved: { Count: > 0 } unresolved } } snapshot
            || _reloader.Status is not { LastSucceeded: true, RunsFromHistory: false })
        {
            return Idle;
        }

        if (ReferenceEquals(snapshot, _asked))
        {
            if (await FoundAsync(snapshot, unresolved, ct) is { Count: > 0 } found)
            {
                var names = string.Join(", ", found);
                CloudLog.Resolved(_logger, names, _failures);
                await _reloader.ReloadAsync("references can be resolved");
                return Idle; // the reload has woken the loop, unless it failed
            }
        }
        else
        {
            (_asked, _failures) = (snapshot, 0); // they were asked for when it was built
        }

        return CloudPause.After(++_failures, unresolved.RetryAfter);
    }

    private async ValueTask<IReadOnlyList<string>> FoundAsync(GatewaySnapshot snapshot, UnresolvedReferences unresolved, CancellationToken ct)
    {
        try
        {
            return await unresolved.AskAgainAsync(ct);
        }
        catch (ObjectDisposedException) when (!ReferenceEquals(snapshot, _running()))
        {
            return []; // another configuration has another provider; the loop was woken for it
        }
    }
}

/// <summary>How long to leave a cloud alone that did not do what it was asked.</summary>
internal static class CloudPause
{
    private static readonly Backoff Failing = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>2 s, then twice the last up to 5 min, a tenth more or less; not before the cloud wants to be asked again, or for 1 h.</summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="retryAfter">What the cloud said, or null.</param>
    public static TimeSpan After(int failures, TimeSpan? retryAfter)
    {
        var pause = Jittered(Failing.After(failures));
        if (retryAfter is not { } wanted || wanted <= pause) return pause;
        return wanted < Longest ? wanted : Longest;
    }

    /// <summary>A tenth more or less, so that not all gateways ask at once.</summary>
    public static TimeSpan Jittered(TimeSpan pause) => pause * (0.9 + (0.2 * Random.Shared.NextDouble()));
}
