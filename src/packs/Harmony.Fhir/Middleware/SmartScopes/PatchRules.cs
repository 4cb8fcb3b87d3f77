using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>
/// Judges patches under a token that may write only some resources of a type. The gateway does not see the result of a patch, so a patch must not touch what
/// decides to which patient the resource belongs: the references of the compartment, the elements of the token's conditions, and the id.
/// </summary>
internal static class PatchRules
{
    private static readonly string[] ParameterNames = ["parameter"], PartNames = ["part"];

    /// <summary>Why a patch is refused; null if the patch passes.</summary>
    public static FhirRefusal? Judge(SmartRequest ask, string type, Grant[] grants)
    {
        var deciding = Deciding(type, grants);
        return ask.Body switch
        {
            JsonArray operations => operations.Select(o => JsonPatch(o, deciding)).FirstOrDefault(r => r is not null),
            JsonObject parameters when FhirElements.Text(parameters, "resourceType") == "Parameters" => FhirPathPatch(parameters, type, deciding),
            _ => new FhirRefusal(415, "not-supported", "with the scopes of this token a patch is a JSON Patch or a Parameters resource in JSON"),
        };
    }

    private static HashSet<string> Deciding(string type, Grant[] grants)
    {
        var parameters = (SearchTable.R4.CompartmentOf(type)?.All ?? [])
            .Concat(grants.SelectMany(g => g.Constraints).Select(c => SearchTable.R4.Find(type, c.Parameter)!));
        return [.. parameters.SelectMany(p => p.Paths).Select(p => p.Names[0]), "id", "resourceType", "contained"];
    }

    private static FhirRefusal? JsonPatch(JsonNode? operation, HashSet<string> deciding)
    {
        if (FhirElements.Text(operation, "op") is not ("add" or "remove" or "replace" or "move" or "copy" or "test")
            || FhirElements.Text(operation, "path") is not { } path)
            return FhirRefusal.Invalid("the patch is not a JSON Patch (RFC 6902)");
        return Touches(path, deciding) || (FhirElements.Text(operation, "from") is { } from && Touches(from, deciding)) ? Refused : null;
    }

    private static bool Touches(string pointer, HashSet<string> deciding)
    {
        // "~0" and "~1" stand in no name of FHIR (RFC 6901 §3); a pointer to the whole resource is empty.
        var first = pointer.Length > 1 && pointer[0] == '/' ? pointer[1..].Split('/')[0] : "";
        return first.Length == 0 || !first.All(char.IsAsciiLetterOrDigit) || deciding.Contains(first);
    }

    private static FhirRefusal? FhirPathPatch(JsonObject parameters, string type, HashSet<string> deciding)
    {
        foreach (var operation in FhirElements.At(parameters, ParameterNames))
        {
            // If two parts have one name, the server may read the one that is not judged here.
            var parts = FhirElements.At(operation, PartNames).ToLookup(p => FhirElements.Text(p, "name"), StringComparer.Ordinal);
            if (parts.Any(p => p.Count() > 1)) return Refused;
            var path = FhirElements.Text(parts["path"].FirstOrDefault(), "valueString");
            var adds = FhirElements.Text(parts["type"].FirstOrDefault(), "valueCode") == "add";
            var name = adds ? FhirElements.Text(parts["name"].FirstOrDefault(), "valueString") : null;
            var words = path?.Split('.') ?? [];
            var isPlain = words.Length > 0 && words[0] == type && path!.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '[' or ']');
            var first = words.Length > 1 ? words[1].Split('[')[0] : name ?? "";
            if (!isPlain || first.Length == 0 || deciding.Contains(first)) return Refused;
        }

        return null;
    }

    private static FhirRefusal Refused
        => FhirRefusal.Forbidden("with the scopes of this token a patch must leave alone whom the resource is about and what the scopes name");
}
