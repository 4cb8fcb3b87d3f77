using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http;

/// <summary><c>[backends.NAME.options.health_check]</c>: asks each target regularly whether it is well, by a GET.</summary>
public sealed record HttpHealthCheckOptions : HealthCheckOptions
{
    /// <summary>Path below the target's base URL; an answer of 200 to 299 is good.</summary>
    [NotEmpty]
    public string Path { get; init; } = "/";
}
