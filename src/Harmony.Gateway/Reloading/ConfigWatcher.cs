using System.Runtime.InteropServices;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>
/// Reloads when a file of the configuration has changed. What has changed is told by comparing <see cref="Core.Configuration.ConfigSources"/>
/// with the disk; the system's notifications, of which some get lost, only say when to look, and every second it is looked anyway.
/// </summary>
internal sealed class ConfigWatcher : IAsyncDisposable
{
    /// <summary>How long files must be left alone: editors write in several steps.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Where others write all the time beside the configuration, looking must not take a whole core.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>A writer that never stops does not hold up a reload for longer than this many times <see cref="Quiet"/>.</summary>
    private const int MaxQuietPeriods = 3;

    private readonly Reloader _reloader;
    private readonly TimeProvider _clock;
    private readonly FolderNotifications _notifications;
    private readonly BackgroundLoop _loop;
    private string? _requested;
    private volatile bool _notified;
    private volatile bool _goesOn; // something has happened since it was last looked at

    public ConfigWatcher(Reloader reloader, TimeProvider clock, ILogger logger)
    {
        (_reloader, _clock) = (reloader, clock);
        _notifications = new FolderNotifications(Hint, logger);
        _notifications.Watch(reloader.Sources.Folders);
        _loop = BackgroundLoop.Start("watching the configuration", PollInterval, LookAsync, clock, logger, firstPause: PollInterval);
    }

    /// <summary>Asks for a reload whether or not a file has changed, and does not wait for it.</summary>
    public void Request(string reason)
    {
        Volatile.Write(ref _requested, reason);
        Hint();
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _notifications.Dispose();
    }

    private void Hint()
    {
        (_notified, _goesOn) = (true, true);
        _loop?.Wake(); // not there yet while the first folders are being watched
    }

    private async ValueTask LookAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _requested, null) is { } reason)
        {
            await _reloader.ReloadAsync(reason);
        }
        else
        {
            // Where something did happen, a file may have been replaced by one of the same size and time.
            var thoroughly = _notified;
            _notified = false;
            if (_reloader.Sources.Changed(thoroughly).Count == 0)
            {
                _notifications.Watch(_reloader.Sources.Folders); // another caller may have reloaded
                await Task.Delay(Breath, _clock, ct);
                return;
            }

            await SettleAsync(ct);
            // A reload for another caller may have seen the same files meanwhile.
            if (_reloader.Sources.Changed(thoroughly: true).Count > 0) await _reloader.ReloadAsync("files changed");
        }

        _notifications.Watch(_reloader.Sources.Folders);
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        for (var i = 0; i < MaxQuietPeriods; i++)
        {
            _goesOn = false;
            await Task.Delay(Quiet, _clock, ct);
            if (!_goesOn) return;
        }
    }
}

/// <summary>SIGHUP: asks the running gateway to reload, as daemons do by tradition.</summary>
internal sealed class ReloadSignal(ConfigWatcher watcher) : IDisposable
{
    private readonly PosixSignalRegistration _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true; // it would end the program
        watcher.Request("SIGHUP");
    });

    public void Dispose() => _registration.Dispose();
}
