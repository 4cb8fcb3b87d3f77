using Harmony.Core.Envelope;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>The interactions that a scope permits, in the order in which SMART 2 writes the letters.</summary>
[Flags]
internal enum ScopeAccess
{
    None = 0,
    Create = 1,
    Read = 2,
    Update = 4,
    Delete = 8,
    Search = 16,
    All = Create | Read | Update | Delete | Search,
}

/// <summary>The level of a scope: the data of a patient, those that a user may see, or those that a system may see.</summary>
internal enum ScopeLevel
{
    Patient,
    User,
    System,
}

/// <summary>A condition of a scope: a search parameter, and values of which a resource has one.</summary>
/// <param name="Parameter">The parameter as it stands in the scope, perhaps with a modifier.</param>
/// <param name="Values">The values.</param>
internal sealed record ScopeConstraint(string Parameter, IReadOnlyList<string> Values);

/// <summary>
/// A scope of SMART App Launch 1 (<c>patient/Observation.read</c>) or 2 (<c>patient/Observation.rs?category=laboratory</c>):
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html.
/// </summary>
/// <param name="Level">The level.</param>
/// <param name="Type">The resource type, or <c>*</c>.</param>
/// <param name="Access">The interactions that the scope permits.</param>
/// <param name="Constraints">Conditions that the resources fulfil, all of them.</param>
internal sealed record SmartScope(ScopeLevel Level, string Type, ScopeAccess Access, IReadOnlyList<ScopeConstraint> Constraints)
{
    private const string Letters = "cruds";

    /// <summary>Reads a scope; null for a scope that is not about resources (<c>openid</c>), or is malformed.</summary>
    public static SmartScope? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return null;
        ScopeLevel? level = text[..slash] switch { "patient" => ScopeLevel.Patient, "user" => ScopeLevel.User, "system" => ScopeLevel.System, _ => null };
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var dot = text.IndexOf('.', slash);
        if (level is null || dot < 0 || (question >= 0 && dot > question)) return null;
        var type = text[(slash + 1)..dot];
        if (type != "*" && !FhirResourceTypes.IsTypeName(type)) return null;
        var word = question < 0 ? text[(dot + 1)..] : text[(dot + 1)..question];
        if (AccessOf(word, isFirstVersion: question < 0) is not { } access) return null;
        return question < 0 ? new SmartScope(level.Value, type, access, []) : Constrained(level.Value, type, access, text[(question + 1)..]);
    }

    private static SmartScope? Constrained(ScopeLevel level, string type, ScopeAccess access, string query)
    {
        var constraints = QueryString.Parse(query).SelectMany(p => p.Value.Select(v => new ScopeConstraint(p.Key, v.Split(',')))).ToList();
        // A question mark without a condition, or with an empty one, is a mistake somewhere: it must not open everything.
        return constraints.Count == 0 || constraints.Exists(c => c.Parameter.Length == 0 || c.Values.Contains(""))
            ? null
            : new SmartScope(level, type, access, constraints);
    }

    private static ScopeAccess? AccessOf(string word, bool isFirstVersion)
    {
        switch (isFirstVersion ? word : "")
        {
            case "read": return ScopeAccess.Read | ScopeAccess.Search;
            case "write": return ScopeAccess.Create | ScopeAccess.Update | ScopeAccess.Delete;
            case "*": return ScopeAccess.All;
        }

        var (access, last) = (ScopeAccess.None, -1);
        foreach (var letter in word)
        {
            var at = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (at <= last) return null; // no letter of these, twice, or in another order
            (access, last) = (access | (ScopeAccess)(1 << at), at);
        }

        return access == ScopeAccess.None ? null : access;
    }
}
