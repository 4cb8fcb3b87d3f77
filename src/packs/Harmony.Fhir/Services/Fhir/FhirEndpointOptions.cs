using Harmony.Core.Configuration;

namespace Harmony.Fhir.Services.Fhir;

/// <summary><c>[endpoints.NAME.options]</c> of a <c>fhir</c> endpoint.</summary>
public sealed record FhirEndpointOptions : ConfigNode
{
    /// <summary>Base of the FHIR API: this path and everything below it, e.g. <c>/fhir/r4</c>.</summary>
    [NotEmpty]
    public required string PathPrefix { get; init; }

    /// <summary>Version of FHIR that is spoken: 4.0 (R4), 4.3 (R4B) or 5.0 (R5).</summary>
    [AllowedValues("4.0", "4.3", "5.0")]
    public string FhirVersion { get; init; } = "4.0";

    /// <summary>
    /// Interactions that pass, such as <c>read</c>, <c>search-type</c>, <c>create</c>, <c>batch</c>; all when empty. <c>capabilities</c> always passes.
    /// </summary>
    [AllowedValues(
        "read", "vread", "update", "patch", "delete", "history-instance", "history-type", "history-system", "create",
        "search-type", "search-system", "search-compartment", "batch", "operation")]
    public IReadOnlyList<string> Interactions { get; init; } = [];

    /// <summary>Resource types that pass; all when empty.</summary>
    public IReadOnlyList<string> ResourceTypes { get; init; } = [];

    /// <summary>Operations that pass, without the dollar sign, e.g. <c>everything</c>; all when empty.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>Search parameters that pass, without modifiers; all when empty. Parameters of results, such as <c>_count</c>, always pass.</summary>
    public IReadOnlyList<string> SearchParameters { get; init; } = [];

    /// <summary>
    /// Paths below the base at which the server gives the status and the files of a bulk export, if they are not paths of FHIR, e.g. <c>_operations/export</c>.
    /// Clients that may call <c>$export</c> for the system may read and delete them.
    /// </summary>
    public IReadOnlyList<string> ExportPaths { get; init; } = [];

    /// <summary>Origins of browser applications that may read responses, e.g. <c>https://app.example.org</c>; <c>*</c> for any. Empty: none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Base URL by which clients know the gateway, for the CapabilityStatement; made of scheme, host and prefix of each request when absent.</summary>
    public string? PublicBase { get; init; }

    /// <summary>Whether the CapabilityStatement and the SMART configuration of the server may be read without authentication.</summary>
    public bool PublicMetadata { get; init; }

    /// <summary>Where applications get tokens; absent if the server publishes its own SMART configuration.</summary>
    public FhirSmartOptions? Smart { get; init; }

    /// <summary>Bytes of the largest request body; no limit when absent.</summary>
    [AllowedRange(0)]
    public long? MaxBodySize { get; init; }
}
