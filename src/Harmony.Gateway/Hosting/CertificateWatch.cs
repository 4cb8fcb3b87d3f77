using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Harmony.Core.Building;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>
/// Looks once a day at the certificates of the configuration that runs, and warns of each that ends within 30 days: a gateway runs for months, and an
/// unnoticed end is an outage. Their ends are a metric besides.
/// </summary>
internal sealed class CertificateWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    private static ImmutableArray<CertificateWatch> _running = [];

    private readonly Func<ConfigSet> _config;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly BackgroundLoop _loop;

    static CertificateWatch() => HarmonyMetrics.Meter.CreateObservableGauge(
        "harmony.certificate.not_after",
        () => _running.SelectMany(w => ServedCertificates.Of(w._config())).Select(c => new Measurement<double>(
            c.NotAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("used_by", c.UsedBy), new KeyValuePair<string, object?>("file", c.File))),
        "s",
        "When a certificate of the gateway's own ends, in seconds since 1970.");

    /// <summary>Begins to look.</summary>
    /// <param name="config">Gives the configuration that runs.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Takes the warnings.</param>
    public CertificateWatch(Func<ConfigSet> config, TimeProvider clock, ILogger logger)
    {
        (_config, _clock, _logger) = (config, clock, logger);
        ImmutableInterlocked.Update(ref _running, static (all, one) => all.Add(one), this);
        _loop = BackgroundLoop.Start("looking at the certificates", Pause, LookAsync, clock, logger);
    }

    public async ValueTask DisposeAsync()
    {
        ImmutableInterlocked.Update(ref _running, static (all, one) => all.Remove(one), this);
        await _loop.DisposeAsync();
    }

    private ValueTask LookAsync(CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        foreach (var certificate in ServedCertificates.Of(_config()))
        {
            var days = certificate.DaysLeft(now);
            if (days < 0) HostLog.CertificateExpired(_logger, certificate.File, certificate.UsedBy, certificate.NotAfter.UtcDateTime);
            else if (days < CertificateChecks.SoonDays)
                HostLog.CertificateEnds(_logger, certificate.File, certificate.UsedBy, certificate.NotAfter.UtcDateTime, days);
        }

        return default;
    }
}

/// <summary>A certificate of the gateway's own that a configuration names: one that it shows to clients or to targets.</summary>
/// <param name="UsedBy">The table that names it: <c>network.front.tcp_config</c>.</param>
/// <param name="File">Its file, as the configuration says.</param>
/// <param name="NotAfter">When it ends.</param>
internal sealed record ServedCertificate(string UsedBy, string File, DateTimeOffset NotAfter)
{
    /// <summary>Whole days until its end; below zero when it has expired.</summary>
    public int DaysLeft(DateTimeOffset now) => (int)Math.Floor((NotAfter - now).TotalDays);
}

/// <summary>
/// Finds the certificates that a configuration names, whatever module they are for, and how long they last: from the files as they are now. A file is read
/// again only when it has changed, as metrics ask every few seconds.
/// </summary>
internal static class ServedCertificates
{
    private static readonly ConcurrentDictionary<string, (FileStamp Stamp, DateTimeOffset? NotAfter)> Known = new(StringComparer.Ordinal);

    /// <summary>Those whose files can be read.</summary>
    public static IReadOnlyList<ServedCertificate> Of(ConfigSet config)
    {
        var found = new List<ServedCertificate>();
        foreach (var file in config.Files) Walk(file.Table, "", config.Directory, found);
        return [.. found.DistinctBy(c => (c.UsedBy, c.File))];
    }

    private static void Walk(TomlValue value, string path, string folder, List<ServedCertificate> found)
    {
        if (value is TomlArray array)
        {
            foreach (var item in array) Walk(item, path, folder, found);
        }

        if (value is not TomlTable table) return;
        foreach (var entry in table)
        {
            if (entry is { Key: "cert_path" or "client_cert_path", Value: TomlString { Value: { Length: > 0 } file } }) Add(path, file, folder, found);
            else Walk(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", folder, found);
        }
    }

    private static void Add(string usedBy, string file, string folder, List<ServedCertificate> found)
    {
        var path = ConfigPaths.Find(folder, file);
        var stamp = FileStamp.OfFile(path);
        if (!Known.TryGetValue(path, out var known) || known.Stamp != stamp) Known[path] = known = (stamp, EndOf(path));
        if (known.NotAfter is { } end) found.Add(new ServedCertificate(usedBy, file, end));
    }

    /// <summary>Null for what cannot be read, of which those tell who use it.</summary>
    private static DateTimeOffset? EndOf(string path)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(BoundedFile.ReadText(path));
            return new DateTimeOffset(certificate.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException || Readable.IsReadFailure(e))
        {
            return null;
        }
    }
}
