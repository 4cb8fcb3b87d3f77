namespace Harmony.Core.Configuration;

/// <summary><c>[proxy]</c>: what this gateway is called and where the rest of its configuration lies.</summary>
[FormerKey("log_level", "set log_level in [logging] instead")]
[FormerKey("store_dir", "set path in [storage.options] instead")]
public sealed record ProxySection : ConfigNode
{
    /// <summary>Machine id, given by a provider.</summary>
    [NotEmpty]
    public string? Id { get; init; }

    /// <summary>Name for people. One of <c>id</c> and <c>name</c> is needed.</summary>
    [NotEmpty]
    public string? Name { get; init; }

    /// <summary>Folder of pipeline files, relative to this file.</summary>
    public string PipelinesPath { get; init; } = "pipelines";

    /// <summary>Folder of JOLT specs, relative to this file.</summary>
    public string TransformsPath { get; init; } = "transforms";

    /// <summary>Folder of mesh files, relative to this file.</summary>
    public string MeshPath { get; init; } = "mesh";

    /// <summary>Hours for which keys of a provider are kept.</summary>
    [AllowedRange(1, 168)]
    public int JwksCacheDurationHours { get; init; } = 24;

    /// <summary>Environment variables without which the gateway must not start.</summary>
    public IReadOnlyList<string> RequiredEnvVars { get; init; } = [];

    /// <summary>Names of fields whose values are never shown in dumps and webhooks: globs (<c>*_key</c>) or regular expressions.</summary>
    public IReadOnlyList<string> SensitiveFieldPatterns { get; init; } = [];

    /// <summary>The provider that steers this gateway; <c>local</c> for none.</summary>
    [NotEmpty]
    public string PrimaryProvider { get; init; } = "runbeam";

    /// <summary>Limits of what is buffered and parsed.</summary>
    public ContentLimitsSection ContentLimits { get; init; } = new();

    /// <summary>Where the gateway may send requests of its own.</summary>
    public EgressPolicySection Egress { get; init; } = new();

    /// <summary>Seconds between "not ready" and closing the listeners when the gateway stops, for load balancers to look elsewhere; requests are served meanwhile.</summary>
    [AllowedRange(0, 300)]
    public int DrainDelaySecs { get; init; }

    /// <summary>Seconds that running requests get to finish when the gateway stops or a listener closes.</summary>
    [AllowedRange(0, 86400)]
    public int ShutdownTimeoutSecs { get; init; } = 30;
}
