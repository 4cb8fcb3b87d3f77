using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Judges searches and narrows them to what a token may see.</summary>
internal static class SearchRules
{
    /// <summary>Parameters that reach beyond the resources searched for, in ways that the gateway cannot judge.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase) { "_contained", "_containedType", "_filter", "_query", "_list" };

    /// <summary>Parameters that FHIR defines; some servers read their names in any letter case.</summary>
    private static readonly string[] Meaningful =
        ["_include", "_revinclude", "_has", "_summary", "_elements", "_id", "_type", "_total", "_sort", "_contained", "_containedType", "_filter", "_query",
            "_list", "patient", "subject"];

    /// <summary>Narrows a search to resources that the token may see.</summary>
    /// <param name="token">The token.</param>
    /// <param name="type">The type searched for.</param>
    /// <param name="query">The parameters; changed.</param>
    /// <param name="grants">The grants of the token to search for the type; at least one.</param>
    /// <returns>Why the search is refused; null if it passes.</returns>
    public static FhirRefusal? Narrow(SmartToken token, string type, FhirQuery query, Grant[] grants)
    {
        if (Unclear(type, query) is { } unclear) return unclear;
        if (token.IsFull(ScopeAccess.Read | ScopeAccess.Search)) return null;
        if (BeyondScope(token, query) is { } beyond) return beyond;
        if (Array.Exists(grants, g => g.IsUnrestricted)) return null;
        DropSelections(query);
        return Array.Exists(grants, g => g.Constraints.Count == 0)
            ? ToPatients(type, query, [.. grants.Where(g => g.Constraints.Count == 0)])
            : ToConstraints(type, query, grants);
    }

    /// <summary>Refuses parameter names that two servers may read differently.</summary>
    private static FhirRefusal? Unclear(string type, FhirQuery query)
    {
        foreach (var (name, _) in query.Pairs)
        {
            if (name.Length is 0 or > 256 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.' or '$' or '*'))
                return FhirRefusal.Invalid("a parameter has a name that no search has");
            var bare = FhirQuery.Bare(name);
            if (Meaningful.FirstOrDefault(m => m.Equals(bare, StringComparison.OrdinalIgnoreCase) && m != bare) is { } meant)
                return FhirRefusal.Invalid($"a parameter is written in the wrong case; it is '{meant}'");
            if (SearchTable.R4.CompartmentOf(type) is { } m && m.About.Name.Equals(bare, StringComparison.OrdinalIgnoreCase) && m.About.Name != bare)
                return FhirRefusal.Invalid($"a parameter is written in the wrong case; it is '{m.About.Name}'");
        }

        return null;
    }

    private static FhirRefusal? BeyondScope(SmartToken token, FhirQuery query)
    {
        foreach (var (name, value) in query.Pairs)
        {
            var bare = FhirQuery.Bare(name);
            if (Refused.Contains(bare)) return FhirRefusal.Forbidden($"'{bare}' is not available with the scopes of this token");
            if (bare == "_sort" && value.Contains('.', StringComparison.Ordinal))
                return FhirRefusal.Forbidden("sorting by another resource is not available with the scopes of this token");
            if (!ReachesOnlyWhatIsOpen(token, name))
                return FhirRefusal.Forbidden("a chain of the search leads to resources that the scopes of this token do not open");
        }

        return null;
    }

    /// <summary>A chain asks about resources that no response shows, so each type of a chain must be one of which the token may search all resources.</summary>
    private static bool ReachesOnlyWhatIsOpen(SmartToken token, string name)
    {
        if (name.StartsWith("_has", StringComparison.Ordinal))
        {
            var parts = name.Split(':', 4);
            return parts.Length == 4 && parts[0] == "_has" && IsOpen(token, parts[1]) && ReachesOnlyWhatIsOpen(token, parts[3]);
        }

        var hops = name.Split('.');
        return hops.Take(hops.Length - 1).All(hop => hop.Split(':') is [_, var type] && IsOpen(token, type));
    }

    private static bool IsOpen(SmartToken token, string type) => token.For(type, ScopeAccess.Search) is [{ IsUnrestricted: true }];

    /// <summary>Removes the parameters by which a server leaves out parts of resources: such a resource cannot be judged.</summary>
    private static void DropSelections(FhirQuery query)
    {
        query.Remove("_elements");
        if (query.Pairs.Any(p => p.Name == "_summary" && p.Value != "count")) query.Remove("_summary");
    }

    private static FhirRefusal? ToPatients(string type, FhirQuery query, Grant[] grants)
    {
        if (Array.Exists(grants, g => g.Patient is null)) return null;
        var patients = grants.Select(g => g.Patient!).Distinct(StringComparer.Ordinal).ToArray();
        var (name, prefix) = type == "Patient" ? ("_id", "") : (SearchTable.R4.CompartmentOf(type)!.About.Name, "Patient/");
        foreach (var (_, value) in query.Pairs.Where(p => p.Name == name || p.Name == name + ":Patient"))
        {
            var asked = FhirQuery.Alternatives(value).Select(v => v.Split('/')[^1]).ToArray();
            patients = [.. patients.Where(p => asked.Contains(p, StringComparer.Ordinal))];
        }

        if (patients.Length == 0) return FhirRefusal.Forbidden("the search is about another patient than the token");
        query.Set(name, string.Join(',', patients.Select(p => prefix + p)));
        return null;
    }

    /// <summary>
    /// Narrows a search whose grants all have conditions: a condition that the search names counts as it is; others are added if one search can express them.
    /// </summary>
    private static FhirRefusal? ToConstraints(string type, FhirQuery query, Grant[] grants)
    {
        var named = grants.Where(g => g.Constraints.All(c => IsNamed(query, c))).ToArray();
        if (named.Length > 0) return ToPatients(type, query, named);
        if (grants.Length == 1)
        {
            foreach (var constraint in grants[0].Constraints) query.Add(constraint.Parameter, string.Join(',', constraint.Values.Select(FhirQuery.Escaped)));
            return ToPatients(type, query, grants);
        }

        var parameters = grants.SelectMany(g => g.Constraints.Select(c => c.Parameter)).Distinct(StringComparer.Ordinal).ToArray();
        if (parameters.Length > 1 || Array.Exists(grants, g => g.Constraints.Count > 1)
            || grants.Select(g => g.Patient).Distinct(StringComparer.Ordinal).Count() > 1)
            return FhirRefusal.Forbidden(
                $"the scopes of this token let search with {string.Join(" or ", parameters.Select(p => $"'{p}'"))}; name the one that is meant");
        query.Add(parameters[0], string.Join(',', grants.SelectMany(g => g.Constraints[0].Values).Distinct(StringComparer.Ordinal).Select(FhirQuery.Escaped)));
        return ToPatients(type, query, grants);
    }

    private static bool IsNamed(FhirQuery query, ScopeConstraint constraint)
        => query.Pairs.Any(p => p.Name == constraint.Parameter
            && FhirQuery.Alternatives(p.Value).All(v => constraint.Values.Contains(v, StringComparer.Ordinal)));
}
