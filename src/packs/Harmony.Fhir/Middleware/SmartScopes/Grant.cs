using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>The permission of a token for resources of one type: those of a patient, those that fulfil conditions, or all.</summary>
/// <param name="Patient">Id of the patient whose compartment the grant is about; null for any.</param>
/// <param name="Constraints">Conditions that the resource fulfils, all of them.</param>
internal sealed record Grant(string? Patient, IReadOnlyList<ScopeConstraint> Constraints)
{
    /// <summary>All resources of the type.</summary>
    public static readonly Grant Everything = new(null, []);

    /// <summary>Whether the grant is about all resources of the type.</summary>
    public bool IsUnrestricted => Patient is null && Constraints.Count == 0;

    /// <summary>Whether the grant permits to see a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="type">Its type.</param>
    /// <param name="publicBase">The base URL of this server, by which references to it may begin.</param>
    public bool Shows(JsonObject resource, string type, string publicBase)
        => (Patient is null || PatientCompartment.Holds(resource, type, Patient, publicBase)) && Fulfils(resource, type, publicBase);

    /// <summary>Whether the grant permits to write a resource: the resource is about the patient, and names no other patient.</summary>
    public bool Takes(JsonObject resource, string type, string publicBase)
        => (Patient is null || PatientCompartment.Takes(resource, type, Patient, publicBase)) && Fulfils(resource, type, publicBase);

    private bool Fulfils(JsonObject resource, string type, string publicBase)
    {
        foreach (var constraint in Constraints)
        {
            if (SearchTable.R4.Find(type, constraint.Parameter) is not { } parameter || !Fulfils(resource, parameter, constraint.Values, publicBase))
                return false;
        }

        return true;
    }

    private static bool Fulfils(JsonObject resource, SearchParameter parameter, IReadOnlyList<string> values, string publicBase)
        => parameter.Paths.Any(path => FhirElements.At(resource, path.Names).Any(element => values.Any(value
            => parameter.IsReference ? IsReference(element, value, path.Target, publicBase) : FhirElements.IsToken(element, value))));

    private static bool IsReference(JsonNode element, string value, string target, string publicBase)
        => FhirReference.Parse(FhirElements.Text(element, "reference"), publicBase) is { } reference && (target.Length == 0 || reference.Type == target)
            && (reference.ToString() == value || (target.Length > 0 && reference.Id == value) || FhirReference.Parse(value, publicBase) == reference);
}

/// <summary>The resources that belong to a patient (https://hl7.org/fhir/R4/compartmentdefinition-patient.html).</summary>
internal static class PatientCompartment
{
    /// <summary>Whether a resource may be read as one of the patient. The only Patient resource is the patient's own: a link does not open another.</summary>
    public static bool Holds(JsonObject resource, string type, string patient, string publicBase)
    {
        if (type == "Patient") return FhirElements.Text(resource, "id") == patient;
        return SearchTable.R4.CompartmentOf(type) is { } membership
            && membership.All.Any(p => PatientsIn(resource, p, publicBase).Contains(patient, StringComparer.Ordinal));
    }

    /// <summary>Whether a resource may be written as one of the patient: its references of the compartment name the patient, and no other.</summary>
    public static bool Takes(JsonObject resource, string type, string patient, string publicBase)
    {
        if (type == "Patient") return FhirElements.Text(resource, "id") == patient;
        return SearchTable.R4.CompartmentOf(type) is { } membership
            && PatientsIn(resource, membership.About, publicBase, isSent: true).Contains(patient, StringComparer.Ordinal)
            && membership.All.All(p => PatientsIn(resource, p, publicBase, isSent: true).All(id => id == patient));
    }

    private static IEnumerable<string> PatientsIn(JsonObject resource, SearchParameter parameter, string publicBase, bool isSent = false)
    {
        foreach (var path in parameter.Paths.Where(p => p.Target is "" or "Patient"))
        {
            foreach (var element in FhirElements.At(resource, path.Names))
            {
                var text = FhirElements.Text(element, "reference");
                if (FhirReference.Parse(text, publicBase) is { Type: "Patient" } reference) yield return reference.Id;
                else if (isSent && ConditionalReferences.PatientOf(text) is { } id) yield return id; // the search is narrowed to that patient
            }
        }
    }
}
