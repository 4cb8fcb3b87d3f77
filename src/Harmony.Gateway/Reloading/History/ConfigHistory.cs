using System.Globalization;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading.History;

/// <summary>
/// The last 20 configurations that were applied, each a file of the storage folder that only the gateway's user can read. Each main file
/// has a folder of its own, so that gateways may share a storage. Without a folder they are kept in memory only.
/// </summary>
internal sealed class ConfigHistory
{
    /// <summary>How many are kept.</summary>
    public const int Limit = 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _folder;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<ConfigVersion> _versions = [];
    private int _last; // the number given out last

    /// <param name="folder">Where to keep them; null for nowhere.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Gets a line where one cannot be kept.</param>
    public ConfigHistory(string? folder, TimeProvider clock, ILogger logger)
    {
        (_folder, _clock, _logger) = (folder, clock, logger);
        if (folder is not null && Directory.Exists(folder)) _versions.AddRange(Read(folder).OrderBy(v => v.Version));
        _last = _versions.Count == 0 ? 0 : _versions[^1].Version;
    }

    /// <summary>The newest one that is kept; null where none is.</summary>
    public ConfigVersion? Newest
    {
        get
        {
            lock (_lock) return _versions.Count == 0 ? null : _versions[^1];
        }
    }

    /// <summary>The history of a configuration, in its <c>[storage]</c>.</summary>
    public static ConfigHistory Of(ConfigSet config, TimeProvider clock, ILogger logger) => new(FolderOf(config), clock, logger);

    /// <summary>Whether it is where a configuration wants it.</summary>
    public bool IsOf(ConfigSet config) => FolderOf(config) == _folder;

    /// <summary>What there is, the newest first.</summary>
    public IReadOnlyList<ConfigVersion> List()
    {
        lock (_lock) return [.. _versions.AsEnumerable().Reverse()];
    }

    /// <summary>One version.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that number.</exception>
    public ConfigVersion Find(int version)
    {
        lock (_lock) return _versions.Find(v => v.Version == version) ?? throw new KeyNotFoundException($"the history has no version {version}");
    }

    /// <summary>Reads what a configuration was built from, before it is applied.</summary>
    /// <returns>Null where that cannot be had, which is logged: it is no reason not to run the configuration.</returns>
    public ConfigVersion? Capture(ConfigSet config, string reason)
    {
        try
        {
            return ConfigVersion.Of(config, reason, _clock.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(e);
            return null;
        }
    }

    /// <summary>Keeps a configuration that has just been applied, unless it is the newest one again.</summary>
    /// <param name="captured">What it was built from; null where that could not be had: the version gets its number all the same.</param>
    /// <returns>Its number, which no other version gets. Failures to keep it are logged.</returns>
    public int Add(ConfigVersion? captured)
    {
        lock (_lock)
        {
            if (captured is not null && _versions.Count > 0 && _versions[^1].Version == _last && _versions[^1].Hash == captured.Hash) return _last;
            _last++;
            if (captured is null) return _last;
            // At a start the tables that ran before are unknown; only their files are there.
            var isCompared = captured.Changes.Length > 0 || _versions.Count == 0;
            var version = captured with { Version = _last, Changes = isCompared ? captured.Changes : captured.FilesChangedSince(_versions[^1]) };
            _versions.Add(version);
            try
            {
                Write(version);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                NotKept(e);
            }

            return _last;
        }
    }

    private void NotKept(Exception e) => ReloadLog.NotKept(_logger, _last, _folder ?? "memory", Readable.Reason(e));

    private static string? FolderOf(ConfigSet config) => StorageFolder.Of(config, "config-history");

    private static IEnumerable<ConfigVersion> Read(string folder)
    {
        foreach (var file in FileStamp.FilesIn(folder))
        {
            ConfigVersion? version = null;
            try
            {
                version = JsonSerializer.Deserialize<ConfigVersion>(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                // What cannot be read any more is no version to go back to; it is replaced in time.
            }

            if (version is not null) yield return version;
        }
    }

    private void Write(ConfigVersion version)
    {
        while (_versions.Count > Limit)
        {
            var oldest = _versions[0];
            _versions.RemoveAt(0);
            if (_folder is not null) File.Delete(FileOf(oldest.Version));
        }

        if (_folder is null) return;
        StorageFolder.Create(_folder);
        AtomicFile.Write(FileOf(version.Version), JsonSerializer.SerializeToUtf8Bytes(version), OwnerOnly);
    }

    private string FileOf(int version) => Path.Combine(_folder!, version.ToString("D6", CultureInfo.InvariantCulture) + ".json");
}
