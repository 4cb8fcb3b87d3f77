using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Retrieved;

/// <summary>
/// Deletes retrieved folders whose time is up, those of earlier runs too, from the moment the configuration goes live until another takes its place.
/// </summary>
/// <param name="folders">The folders.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Takes a line when something was deleted, or cannot be.</param>
internal sealed class RetrievedSweeper(RetrievedFolders folders, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>The longest time between the end of a folder's time and its deletion.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private BackgroundLoop? _loop;

    public void Start() => _loop = BackgroundLoop.Start($"sweeping {folders.Root}", Interval, Sweep, clock, logger);

    /// <summary>Stops sweeping: the sweeper of the next configuration has taken over.</summary>
    public void Stop() => _loop?.Stop();

    public ValueTask DisposeAsync() => _loop?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask Sweep(CancellationToken ct)
    {
        var (deleted, failure) = folders.Sweep();
        if (deleted > 0) DicomScuLog.Swept(logger, deleted, folders.Root);
        if (failure is not null) DicomScuLog.SweepFailed(logger, folders.Root, failure);
        return ValueTask.CompletedTask;
    }
}
