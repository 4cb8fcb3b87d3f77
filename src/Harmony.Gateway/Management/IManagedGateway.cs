using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Cloud;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Management;

/// <summary>The gateway that serves, as the management API sees and steers it.</summary>
internal interface IManagedGateway
{
    /// <summary>When it was started.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>How long it has run.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Whether it wants requests.</summary>
    Readiness Readiness { get; }

    /// <summary>What runs.</summary>
    GatewaySnapshot Snapshot { get; }

    /// <summary>Replaces the configuration.</summary>
    Reloader Reloader { get; }

    /// <summary>Deals with the cloud that steers the gateway, if one does.</summary>
    CloudAgent Cloud { get; }

    /// <summary>What has been measured; null where nothing is.</summary>
    MetricStore? Metrics { get; }

    /// <summary>What is logged.</summary>
    LogLevels LogLevels { get; }

    /// <summary>The last lines of the log.</summary>
    RecentLines RecentLines { get; }

    /// <summary>The open listeners.</summary>
    IReadOnlyList<IListener> Listeners { get; }

    /// <summary>Requests under way, those on older configurations too.</summary>
    int InFlight { get; }

    /// <summary>Older configurations that requests still use.</summary>
    int Draining { get; }

    /// <summary>Builds a configuration of other files in the place of its own, and throws it away.</summary>
    /// <param name="files">The files.</param>
    /// <param name="ct">Ends it.</param>
    Task<DryRunResult> TryAsync(UploadedFiles files, CancellationToken ct);

    /// <summary>Starts draining without waiting for it: refuses new connections but keeps the management API.</summary>
    void BeginDrain();
}
