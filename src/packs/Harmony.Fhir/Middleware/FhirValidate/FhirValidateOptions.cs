using Harmony.Core.Configuration;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>The options of a <c>fhir_validate</c> middleware.</summary>
public sealed record FhirValidateOptions : ConfigNode
{
    /// <summary>
    /// <c>shape</c> checks elements, lists, primitive values and required elements, and refuses. <c>enforce</c> also checks invariants, codes of required value
    /// sets and profiles, by the definitions of R4 and <c>packages_dir</c>, and refuses. <c>warn</c> checks the same as <c>enforce</c>, logs and passes the
    /// resource.
    /// </summary>
    [AllowedValues("shape", "enforce", "warn")]
    public string Mode { get; init; } = "shape";

    /// <summary>The side that is validated: <c>left</c> for requests, <c>right</c> for responses, <c>both</c>.</summary>
    [AllowedValues("left", "right", "both")]
    public string Apply { get; init; } = "left";

    /// <summary>Most issues in a response or a log message.</summary>
    [AllowedRange(1, 1000)]
    public int MaxIssues { get; init; } = 20;

    /// <summary>
    /// Folder of FHIR packages with profiles and value sets of R4, unpacked or as <c>.tgz</c> (https://hl7.org/fhir/packages.html). Nothing is fetched.
    /// </summary>
    [NotEmpty]
    public string? PackagesDir { get; init; }

    /// <summary>
    /// Canonical URLs of profiles of <c>packages_dir</c>, to which every resource of their types has to conform. A resource also has to conform to the profiles
    /// that its <c>meta.profile</c> claims.
    /// </summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];
}
