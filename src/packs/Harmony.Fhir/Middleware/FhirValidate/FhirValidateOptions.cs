using Harmony.Core.Configuration;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>The options of a <c>fhir_validate</c> middleware.</summary>
public sealed record FhirValidateOptions : ConfigNode
{
    /// <summary><c>shape</c>: elements, lists, forms and what has to be there; refuses. <c>warn</c>: the same, lets pass and logs.</summary>
    [AllowedValues("shape", "warn")]
    public string Mode { get; init; } = "shape";

    /// <summary>What is validated: <c>left</c> for requests, <c>right</c> for responses, <c>both</c>.</summary>
    [AllowedValues("left", "right", "both")]
    public string Apply { get; init; } = "left";

    /// <summary>Most issues that are told of.</summary>
    [AllowedRange(1, 1000)]
    public int MaxIssues { get; init; } = 20;
}
