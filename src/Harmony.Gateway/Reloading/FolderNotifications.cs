using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>Hears from the system when something happens in folders; which thing does not matter.</summary>
/// <param name="onEvent">Called for each event, on any thread, also when events were lost.</param>
/// <param name="logger">Gets a line for each folder that cannot be watched.</param>
internal sealed class FolderNotifications(Action onEvent, ILogger logger) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher?> _watchers = new(StringComparer.Ordinal);

    /// <summary>Watches these folders and no others; those that do not exist not before they do.</summary>
    public void Watch(IReadOnlyCollection<string> folders)
    {
        foreach (var gone in _watchers.Keys.Where(f => !folders.Contains(f, StringComparer.Ordinal) || !Directory.Exists(f)).ToList())
        {
            _watchers.Remove(gone, out var watcher);
            watcher?.Dispose();
        }

        foreach (var folder in folders.Where(f => !_watchers.ContainsKey(f) && Directory.Exists(f))) _watchers[folder] = Open(folder);
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values) watcher?.Dispose();
    }

    private FileSystemWatcher? Open(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, _) => onEvent();
            watcher.Created += (_, _) => onEvent();
            watcher.Deleted += (_, _) => onEvent();
            watcher.Renamed += (_, _) => onEvent();
            watcher.Error += (_, _) => onEvent();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The limits on such watches are per user and low on some systems.
            watcher?.Dispose();
            ReloadLog.NotWatched(logger, folder, e.Message);
            return null;
        }
    }
}
