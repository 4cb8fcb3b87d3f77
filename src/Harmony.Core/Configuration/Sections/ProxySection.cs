using Harmony.Core.Content.Spooling;

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

    /// <summary>
    /// Seconds between "not ready" and closing the listeners when the gateway stops, for load balancers to look elsewhere; requests are served meanwhile.
    /// </summary>
    [AllowedRange(0, 300)]
    public int DrainDelaySecs { get; init; }

    /// <summary>Seconds that running requests get to finish when the gateway stops or a listener closes.</summary>
    [AllowedRange(0, 86400)]
    public int ShutdownTimeoutSecs { get; init; } = 30;
}

/// <summary><c>[proxy.content_limits]</c>: how much of a body is ever held in memory or parsed. A streamed body is not concerned.</summary>
public sealed record ContentLimitsSection : ConfigNode
{
    /// <summary>Bytes of a body that a step wants to look at.</summary>
    [AllowedRange(1)]
    public long MaxBodySize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes that all bodies together hold in memory; beyond it they are held in temporary files.</summary>
    [AllowedRange(0)]
    public long MaxMemorySize { get; init; } = BodyBudget.DefaultMemory;

    /// <summary>Bytes that all bodies together hold in temporary files; beyond it requests whose bodies have to be held get 503.</summary>
    [AllowedRange(0)]
    public long MaxSpoolSize { get; init; } = BodyBudget.DefaultDisk;

    /// <summary>Rows of a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxCsvRows { get; init; } = 10_000;

    /// <summary>
    /// Which cells of CSV get an apostrophe in front when they are read as data, because a spreadsheet would calculate them: formulas (<c>escape</c>), or
    /// whatever begins with a sign, numbers and telephone numbers included (<c>escape_all</c>).
    /// </summary>
    [AllowedValues("escape", "escape_all")]
    public string CsvFormulas { get; init; } = "escape";

    /// <summary>Nested elements of an XML body.</summary>
    [AllowedRange(1, 1000)]
    public int MaxXmlDepth { get; init; } = 100;

    /// <summary>Files of a multipart body.</summary>
    [AllowedRange(1)]
    public int MaxMultipartFiles { get; init; } = 10;

    /// <summary>Fields of a form, and columns of a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxFormFields { get; init; } = 1000;
}
