using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Storage;

namespace Harmony.Gateway.Metrics;

/// <summary>Tells how much room is left where the gateway writes: a full disk refuses objects without warning.</summary>
internal sealed class DiskMetrics : IDisposable
{
    private static ImmutableArray<DiskMetrics> _running = [];

    private readonly Func<ConfigSet> _config;

    static DiskMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.disk.free", () => Observe(d => d.AvailableFreeSpace), "By",
            "Bytes that the gateway may still write to a disk.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.disk.size", () => Observe(d => d.TotalSize), "By", "Bytes of that disk.");
    }

    /// <summary>Begins to tell.</summary>
    /// <param name="config">Gives the configuration that runs.</param>
    public DiskMetrics(Func<ConfigSet> config)
    {
        _config = config;
        ImmutableInterlocked.Update(ref _running, static (all, one) => all.Add(one), this);
    }

    public void Dispose() => ImmutableInterlocked.Update(ref _running, static (all, one) => all.Remove(one), this);

    private static IEnumerable<Measurement<long>> Observe(Func<DriveInfo, long> value)
    {
        foreach (var (usedBy, folder) in _running.SelectMany(d => PlacesOf(d._config())))
        {
            if (Measure(folder, value) is { } bytes) yield return new Measurement<long>(bytes, new KeyValuePair<string, object?>("used_by", usedBy));
        }
    }

    private static IEnumerable<(string UsedBy, string Folder)> PlacesOf(ConfigSet config)
    {
        if (config.Storage.Backend == "filesystem") yield return ("storage", StateFolder.Of(config.Storage.Options));
        if (config.Logging is { LogToFile: true, LogFilePath: { Length: > 0 } log }) yield return ("log", Path.GetDirectoryName(Path.GetFullPath(log))!);
        if (config.Logging.Access is { Enabled: true, Target: not "stdout" and var access })
            yield return ("access_log", Path.GetDirectoryName(Path.GetFullPath(access))!);
    }

    /// <summary>Null where that cannot be told. A folder that is yet to be made will be on the disk of the one above it.</summary>
    private static long? Measure(string folder, Func<DriveInfo, long> value)
    {
        try
        {
            var there = Path.GetFullPath(folder);
            while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent) there = parent;
            return value(new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
