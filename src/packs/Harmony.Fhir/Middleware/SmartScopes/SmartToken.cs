using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>The permissions of a verified token: its scopes, and the patient and the user for whom the token was issued. Immutable.</summary>
internal sealed class SmartToken
{
    /// <summary>Most pairs of type and access whose grants are kept; the grants of further pairs are made anew each time.</summary>
    private const int MostKept = 256;

    private readonly IReadOnlyList<SmartScope> _scopes;
    private readonly string? _patient;
    private readonly string? _userPatient;
    private readonly IReadOnlySet<string> _sharedTypes;
    private readonly ConcurrentDictionary<(string Type, ScopeAccess Access), Grant[]> _grants = new();

    /// <param name="scopes">The scopes that are about resources.</param>
    /// <param name="patient">Id of the patient in the launch context; null for none.</param>
    /// <param name="fhirUser">The user as a reference, e.g. <c>Practitioner/7</c>; null where the token names none.</param>
    /// <param name="sharedTypes">Types outside of the compartment that a scope of level <c>patient</c> permits to read.</param>
    public SmartToken(IReadOnlyList<SmartScope> scopes, string? patient, string? fhirUser, IReadOnlySet<string> sharedTypes)
    {
        (_scopes, _patient, _sharedTypes) = (scopes, patient, sharedTypes);
        // The user's resource may stand on another server; a user who is a patient there sees one patient's data here too.
        var parts = fhirUser?.Split('/') ?? [];
        _userPatient = parts is [.., "Patient", var id] ? id : null;
    }

    /// <summary>Reads the claims of a verified identity.</summary>
    /// <param name="identity">The sender of the request.</param>
    /// <param name="scopeClaims">The claims that may hold the scopes; the first that the token has counts.</param>
    /// <param name="sharedTypes">Types outside of the compartment that a scope of level <c>patient</c> permits to read.</param>
    public static SmartToken Of(Identity identity, IReadOnlyList<string> scopeClaims, IReadOnlySet<string> sharedTypes)
    {
        var text = scopeClaims.Select(Claim).FirstOrDefault(c => c is { Length: > 0 }) ?? "";
        var scopes = Words(text).Select(SmartScope.Parse).OfType<SmartScope>().ToList();
        var patient = Claim("patient");
        if (patient?.StartsWith("Patient/", StringComparison.Ordinal) == true) patient = patient["Patient/".Length..];
        if (patient is not null && !FhirResourceTypes.IsId(patient)) patient = null;
        return new SmartToken(scopes, patient, Claim("fhirUser"), sharedTypes);

        string? Claim(string name) => identity.Claim($"{identity.Method}.{name}");
    }

    /// <summary>The grants of the token for an access to resources of a type; empty if the token permits none.</summary>
    public Grant[] For(string type, ScopeAccess access)
    {
        if (_grants.TryGetValue((type, access), out var known)) return known;
        var scopes = _scopes.Where(s => s.Access.HasFlag(access) && (s.Type == "*" || s.Type == type));
        Grant[] grants = [.. scopes.Select(s => GrantOf(s, type, access)).OfType<Grant>()];
        if (Array.Exists(grants, g => g.IsUnrestricted)) grants = [Grant.Everything];
        if (_grants.Count < MostKept) _grants[(type, access)] = grants;
        return grants;
    }

    /// <summary>Whether the token permits an access to all resources of all types.</summary>
    public bool IsFull(ScopeAccess access)
        => _scopes.Where(s => s.Type == "*" && s.Constraints.Count == 0 && ReachesAllPatients(s))
            .Aggregate(ScopeAccess.None, (sum, s) => sum | s.Access).HasFlag(access);

    /// <summary>Whether the token has a scope that is about resources.</summary>
    public bool HasAny => _scopes.Count > 0;

    private bool ReachesAllPatients(SmartScope scope)
        => scope.Level == ScopeLevel.System || (scope.Level == ScopeLevel.User && _userPatient is null);

    private Grant? GrantOf(SmartScope scope, string type, ScopeAccess access)
    {
        // A condition that is not understood must not count as fulfilled.
        if (scope.Constraints.Any(c => SearchTable.R4.Find(type, c.Parameter) is null)) return null;
        if (ReachesAllPatients(scope)) return new Grant(null, scope.Constraints);
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
