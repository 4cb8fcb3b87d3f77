using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Definitions;

/// <summary>A reference to a resource of this server, as it may be written (https://hl7.org/fhir/R4/references.html#literal).</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">The id.</param>
internal readonly record struct FhirReference(string Type, string Id)
{
    /// <summary>The reference as it stands in resources.</summary>
    public override string ToString() => $"{Type}/{Id}";

    /// <summary>
    /// Reads a reference; null for references into the same resource, by identifier, to other servers, and for any other text that names no resource here.
    /// </summary>
    /// <param name="text"><c>Patient/1</c>, perhaps with a version, or the same behind the base.</param>
    /// <param name="publicBase">The base by which clients know this server, without a slash at the end.</param>
    public static FhirReference? Parse(string? text, string publicBase)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.StartsWith(publicBase, StringComparison.Ordinal) && text.Length > publicBase.Length && text[publicBase.Length] == '/')
            text = text[(publicBase.Length + 1)..];
        var parts = text.Split('/');
        if (parts.Length is not (2 or 4) || (parts.Length == 4 && parts[2] != "_history")) return null;
        return FhirResourceTypes.IsTypeName(parts[0]) && FhirResourceTypes.IsId(parts[1]) ? new FhirReference(parts[0], parts[1]) : null;
    }
}
