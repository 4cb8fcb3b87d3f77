using Harmony.Core.Content.Spooling;

namespace Harmony.Core.Configuration;

/// <summary><c>[proxy]</c>: the gateway's name, and the folders of its other configuration files.</summary>
[FormerKey("log_level", "set log_level in [logging] instead")]
[FormerKey("store_dir", "set path in [storage.options] instead")]
public sealed record ProxySection : ConfigNode
{
    /// <summary>Machine id that a provider assigned to this gateway.</summary>
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

    /// <summary>Hours for which the gateway keeps a fetched key set (JWKS).</summary>
    [AllowedRange(1, 168)]
    public int JwksCacheDurationHours { get; init; } = 24;

    /// <summary>Environment variables that must be set; otherwise the gateway does not start.</summary>
    public IReadOnlyList<string> RequiredEnvVars { get; init; } = [];

    /// <summary>Names of headers and body members whose values are hidden in dumps and webhooks: globs (<c>*_key</c>) or regular expressions.</summary>
    public IReadOnlyList<string> SensitiveFieldPatterns { get; init; } = [];

    /// <summary>Name of the provider that manages this gateway; <c>local</c> if no provider does.</summary>
    [NotEmpty]
    public string PrimaryProvider { get; init; } = "runbeam";

    /// <summary>Limits for bodies that the gateway holds or parses.</summary>
    public ContentLimitsSection ContentLimits { get; init; } = new();

    /// <summary>Where the gateway may send its own requests.</summary>
    public EgressPolicySection Egress { get; init; } = new();

    /// <summary>
    /// Seconds between "not ready" and closing the listeners when the gateway stops, so that load balancers can choose another gateway. Requests are still
    /// served in this time.
    /// </summary>
    [AllowedRange(0, 300)]
    public int DrainDelaySecs { get; init; }

    /// <summary>Seconds that requests under way have to finish when the gateway stops or a listener closes.</summary>
    [AllowedRange(0, 86400)]
    public int ShutdownTimeoutSecs { get; init; } = 30;
}

/// <summary><c>[proxy.content_limits]</c>: how much of a body the gateway holds or parses. Bodies that only stream through have no such limit.</summary>
public sealed record ContentLimitsSection : ConfigNode
{
    /// <summary>Most bytes of a body that a middleware reads; larger bodies are refused with 413.</summary>
    [AllowedRange(1)]
    public long MaxBodySize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Most bytes of memory for all held bodies together. Further bodies are held in temporary files.</summary>
    [AllowedRange(0)]
    public long MaxMemorySize { get; init; } = BodyBudget.DefaultMemory;

    /// <summary>Most bytes of temporary files for all held bodies together. Further requests whose bodies must be held get 503.</summary>
    [AllowedRange(0)]
    public long MaxSpoolSize { get; init; } = BodyBudget.DefaultDisk;

    /// <summary>Most rows of a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxCsvRows { get; init; } = 10_000;

    /// <summary>
    /// Which CSV cells get a leading apostrophe when they are read as data, so that a spreadsheet does not run them as formulas: formulas (<c>escape</c>), or
    /// every cell that begins with a sign, numbers and telephone numbers included (<c>escape_all</c>).
    /// </summary>
    [AllowedValues("escape", "escape_all")]
    public string CsvFormulas { get; init; } = "escape";

    /// <summary>Deepest nesting of elements in an XML body.</summary>
    [AllowedRange(1, 1000)]
    public int MaxXmlDepth { get; init; } = 100;

    /// <summary>Most files in a multipart body.</summary>
    [AllowedRange(1)]
    public int MaxMultipartFiles { get; init; } = 10;

    /// <summary>Most fields in a form, and most columns in a CSV body.</summary>
    [AllowedRange(1)]
    public int MaxFormFields { get; init; } = 1000;
}
