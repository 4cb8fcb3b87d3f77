using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Targets;

/// <summary><c>[backends.NAME.options.health_check]</c>: asks each target regularly whether it is well.</summary>
public record HealthCheckOptions : ConfigNode
{
    /// <summary>Seconds between questions.</summary>
    [AllowedRange(1, 3600)]
    public int IntervalSecs { get; init; } = 10;

    /// <summary>Seconds to wait for an answer.</summary>
    [AllowedRange(1, 300)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Bad answers in a row after which a target gets no requests.</summary>
    [AllowedRange(1, 100)]
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Good answers in a row after which it gets them again.</summary>
    [AllowedRange(1, 100)]
    public int HealthyThreshold { get; init; } = 1;
}
