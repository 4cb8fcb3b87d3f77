using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Targets;

/// <summary><c>[backends.NAME.options.passive_health]</c>: leaves a target out that fails while serving.</summary>
public sealed record PassiveHealthOptions : ConfigNode
{
    /// <summary>Failures in a row (no connection, no answer in time, broken off) after which a target gets no requests; 0 to keep it always.</summary>
    [AllowedRange(0, 1000)]
    public int MaxFailures { get; init; } = 3;

    /// <summary>Seconds after which it is tried again.</summary>
    [AllowedRange(1, 3600)]
    public int EjectionSecs { get; init; } = 10;
}
