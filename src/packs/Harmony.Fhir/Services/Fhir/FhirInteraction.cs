using Harmony.Core.Envelope;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>The interaction of a request (https://hl7.org/fhir/R4/http.html): a feature that the endpoint sets for middleware.</summary>
/// <param name="Name">
/// The interaction's code, such as <c>read</c> or <c>search-type</c>; <c>batch</c> stands for transactions too, until the Bundle is read.
/// </param>
internal sealed record FhirInteraction(string Name) : IMetadataSource
{
    /// <summary>The resource type; empty for interactions of the whole system.</summary>
    public string Type { get; init; } = "";

    /// <summary>The id of the resource; empty if the path names none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The version; empty if the path names none.</summary>
    public string VersionId { get; init; } = "";

    /// <summary>The operation with its dollar sign; empty for other interactions.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The type that a compartment search asks for, or <c>*</c>; empty for other interactions.</summary>
    public string CompartmentType { get; init; } = "";

    /// <summary>Whether the interaction is a search: of a type, of a compartment or of the whole system.</summary>
    public bool IsSearch => Name.StartsWith("search-", StringComparison.Ordinal);

    /// <summary>Adds <c>fhir.interaction</c>, <c>fhir.type</c> and their like, and each parameter as <c>fhir.param.NAME</c>.</summary>
    public void Describe(RequestEnvelope request, IDictionary<string, string> metadata)
    {
        metadata["fhir.interaction"] = Name;
        if (Type.Length > 0) metadata["fhir.type"] = Type;
        if (Id.Length > 0) metadata["fhir.id"] = Id;
        if (VersionId.Length > 0) metadata["fhir.version_id"] = VersionId;
        if (Operation.Length > 0) metadata["fhir.operation"] = Operation;
        if (CompartmentType.Length > 0) metadata["fhir.compartment_type"] = CompartmentType;
        foreach (var (name, values) in request.QueryParams) metadata["fhir.param." + name] = string.Join(',', values);
    }
}
