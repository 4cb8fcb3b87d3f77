using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>What a verified token lets do: its scopes, and the patient and the user that it was issued for. Immutable.</summary>
internal sealed class SmartToken
{
    /// <summary>Most pairs of type and access that are kept ready; a token that asks about more is answered without.</summary>
    private const int MostKept = 256;

    private readonly IReadOnlyList<SmartScope> _scopes;
    private readonly string? _patient;
    private readonly string? _userPatient;
    private readonly IReadOnlySet<string> _sharedTypes;
    private readonly ConcurrentDictionary<(string Type, ScopeAccess Access), Grant[]> _grants = new();

    /// <param name="scopes">The scopes that are about resources.</param>
    /// <param name="patient">Id of the patient in the launch context; null for none.</param>
    /// <param name="fhirUser">The user as a reference, e.g. <c>Practitioner/7</c>; null where the token does not say.</param>
    /// <param name="sharedTypes">Types outside of the compartment that a scope of level <c>patient</c> lets read.</param>
    public SmartToken(IReadOnlyList<SmartScope> scopes, string? patient, string? fhirUser, IReadOnlySet<string> sharedTypes)
    {
        (_scopes, _patient, _sharedTypes) = (scopes, patient, sharedTypes);
        // The user's resource may stand on another server; who is a patient there is nobody's doctor here.
        var parts = fhirUser?.Split('/') ?? [];
        _userPatient = parts is [.., "Patient", var id] ? id : null;
    }

    /// <summary>Reads the claims of a verified identity.</summary>
    /// <param name="identity">Who sends the request.</param>
    /// <param name="scopeClaims">The claims that may hold the scopes; the first that is there counts.</param>
    /// <param name="sharedTypes">Types outside of the compartment that a scope of level <c>patient</c> lets read.</param>
    public static SmartToken Of(Identity identity, IReadOnlyList<string> scopeClaims, IReadOnlySet<string> sharedTypes)
    {
        var text = scopeClaims.Select(Claim).FirstOrDefault(c => c is { Length: > 0 }) ?? "";
        var patient = Claim("patient");
        if (patient?.StartsWith("Patient/", StringComparison.Ordinal) == true) patient = patient["Patient/".Length..];
        return new SmartToken([.. Words(text).Select(SmartScope.Parse).OfType<SmartScope>()], patient is not null && FhirResourceTypes.IsId(patient) ? patient : null, Claim("fhirUser"), sharedTypes);

        string? Claim(string name) => identity.Claim($"{identity.Method}.{name}");
    }

    /// <summary>The ways in which the token may do something with resources of a type; empty for none.</summary>
    public Grant[] For(string type, ScopeAccess access)
    {
        if (_grants.TryGetValue((type, access), out var known)) return known;
        var grants = _scopes.Where(s => s.Access.HasFlag(access) && (s.Type == "*" || s.Type == type)).Select(s => GrantOf(s, type, access)).OfType<Grant>().ToArray();
        if (Array.Exists(grants, g => g.IsUnrestricted)) grants = [Grant.Everything];
        if (_grants.Count < MostKept) _grants[(type, access)] = grants;
        return grants;
    }

    /// <summary>Whether the token may do something with all resources of all types.</summary>
    public bool IsFull(ScopeAccess access)
        => _scopes.Where(s => s.Type == "*" && s.Constraints.Count == 0 && (s.Level == ScopeLevel.System || (s.Level == ScopeLevel.User && _userPatient is null)))
            .Aggregate(ScopeAccess.None, (sum, s) => sum | s.Access).HasFlag(access);

    /// <summary>Whether the token may do something with resources of some type.</summary>
    public bool HasAny => _scopes.Count > 0;

    private Grant? GrantOf(SmartScope scope, string type, ScopeAccess access)
    {
        // What is not understood must not count as fulfilled.
        if (scope.Constraints.Any(c => SearchTable.R4.Find(type, c.Parameter) is null)) return null;
        if (scope.Level == ScopeLevel.System || (scope.Level == ScopeLevel.User && _userPatient is null)) return new Grant(null, scope.Constraints);
        var patient = scope.Level == ScopeLevel.Patient ? _patient : _userPatient;
        if (patient is null) return null;
        if (type == "Patient" || SearchTable.R4.CompartmentOf(type) is not null) return new Grant(patient, scope.Constraints);
        return access is ScopeAccess.Read or ScopeAccess.Search && _sharedTypes.Contains(type) ? new Grant(null, scope.Constraints) : null;
    }

    /// <summary>The words of a claim: a list, or a text with blanks between them.</summary>
    public static IEnumerable<string> Words(string claim)
    {
        if (claim.Length == 0 || claim[0] != '[') return claim.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return JsonNode.Parse(claim) is JsonArray items ? items.Select(FhirElements.Text).OfType<string>() : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
