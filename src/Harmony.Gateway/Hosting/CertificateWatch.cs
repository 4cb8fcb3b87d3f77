using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>
/// Looks once a day at the certificates of the configuration that runs, and warns of each that ends within 30 days: a gateway runs for months, and an
/// end that nobody hears of is an outage. Their ends are a metric besides.
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
            else if (days < CertificateChecks.SoonDays) HostLog.CertificateEnds(_logger, certificate.File, certificate.UsedBy, certificate.NotAfter.UtcDateTime, days);
        }

        return default;
    }
}
