using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Judges interactions by the scopes of a token: the table of <c>docs/fhir.md</c>. An interaction in no row is refused.</summary>
/// <param name="openOperations">Operations that every token may call, with the dollar sign.</param>
/// <param name="pagingParameters">Parameters that name a page of an earlier search.</param>
internal sealed class ScopeJudge(IReadOnlySet<string> openOperations, IReadOnlySet<string> pagingParameters)
{
    private const ScopeAccess Reading = ScopeAccess.Read | ScopeAccess.Search;

    /// <summary>Judges a request or an entry, and narrows it.</summary>
    public SmartVerdict Judge(SmartToken token, SmartRequest ask)
    {
        if (ask.Interaction.Name is "capabilities" or "smart-configuration" || token.IsFull(ScopeAccess.All)) return SmartVerdict.Pass;
        if (ask.Body is not null && ConditionalReferences.Narrow(token, ask) is { } refusal) return refusal;
        return ask.Interaction.Name switch
        {
            "read" or "vread" => Read(token, ask),
            "search-type" => Search(token, ask, ask.Interaction.Type),
            "search-compartment" => SearchCompartment(token, ask),
            "search-system" => SearchSystem(token, ask),
            "history-instance" => HistoryOfInstance(token, ask.Interaction),
            "history-type" => token.For(ask.Interaction.Type, ScopeAccess.Search) is [{ IsUnrestricted: true }] ? SmartVerdict.Pass : Closed(ask.Interaction),
            "history-system" => token.IsFull(Reading) ? SmartVerdict.Pass : Closed(ask.Interaction),
            "create" => Create(token, ask),
            "update" or "patch" => Change(token, ask, ScopeAccess.Update),
            "delete" => Change(token, ask, ScopeAccess.Delete),
            "operation" => Operation(token, ask.Interaction),
            _ => Closed(ask.Interaction),
        };
    }

    private static SmartVerdict Read(SmartToken token, SmartRequest ask)
    {
        var grants = token.For(ask.Interaction.Type, ScopeAccess.Read);
        if (grants.Length == 0) return Closed(ask.Interaction);
        if (grants is [{ IsUnrestricted: true }]) return SmartVerdict.Pass;
        ask.Query.Remove("_elements");
        ask.Query.Remove("_summary");
        return new SmartVerdict { Check = ResponseCheck.Resource };
    }

    private static SmartVerdict HistoryOfInstance(SmartToken token, FhirInteraction interaction) => token.For(interaction.Type, ScopeAccess.Read) switch
    {
        [] => Closed(interaction),
        [{ IsUnrestricted: true }] => SmartVerdict.Pass,
        var grants => new SmartVerdict { Stored = grants, Check = ResponseCheck.History },
    };

    private static SmartVerdict Search(SmartToken token, SmartRequest ask, string type)
    {
        var grants = token.For(type, ScopeAccess.Search);
        if (grants.Length == 0) return Closed(ask.Interaction);
        if (SearchRules.Narrow(token, type, ask.Query, grants) is { } refusal) return refusal;
        var showsOthers = ask.Query.Has("_include") || ask.Query.Has("_revinclude");
        var isOpen = token.IsFull(Reading) || (grants is [{ IsUnrestricted: true }] && !showsOthers);
        return isOpen ? SmartVerdict.Pass : new SmartVerdict { Check = ResponseCheck.Searchset };
    }

    private static SmartVerdict SearchCompartment(SmartToken token, SmartRequest ask)
    {
        var interaction = ask.Interaction;
        if (interaction.CompartmentType != "*")
            return IsForeignPatient(token, interaction.CompartmentType, interaction) ? FhirRefusal.NotFound : Search(token, ask, interaction.CompartmentType);
        if (token.IsFull(Reading)) return SmartVerdict.Pass;
        // The scopes of its type judge each entry of the response, so it is enough that the patient is the token's.
        return OwnsPatient(token, interaction) ? new SmartVerdict { Check = ResponseCheck.SearchsetWithoutTotal } : FhirRefusal.NotFound;
    }

    private SmartVerdict SearchSystem(SmartToken token, SmartRequest ask)
    {
        if (token.IsFull(Reading)) return SmartVerdict.Pass;
        var isPage = ask.Query.Pairs.Any(p => pagingParameters.Contains(p.Name))
            && ask.Query.Pairs.All(p => pagingParameters.Contains(p.Name) || p.Name is "_count" or "_format" or "_pretty");
        return isPage && token.HasAny ? new SmartVerdict { Check = ResponseCheck.SearchsetWithoutTotal } : Closed(ask.Interaction);
    }

    private static SmartVerdict Create(SmartToken token, SmartRequest ask)
    {
        var type = ask.Interaction.Type;
        var grants = token.For(type, ScopeAccess.Create);
        if (grants.Length == 0) return Closed(ask.Interaction);
        if (ask.IfNoneExist is { } criteria)
        {
            var searching = token.For(type, ScopeAccess.Search);
            if (searching.Length == 0) return FhirRefusal.Forbidden($"a conditional create needs a scope to search for {type}");
            if (SearchRules.Narrow(token, type, criteria, searching) is { } refusal) return refusal;
        }

        return Unfit(ask, grants) is { } unfit ? unfit : new SmartVerdict { Check = ResponseCheck.Written };
    }

    private static SmartVerdict Change(SmartToken token, SmartRequest ask, ScopeAccess access)
    {
        var (type, id, isPatch) = (ask.Interaction.Type, ask.Interaction.Id, ask.Interaction.Name == "patch");
        var grants = token.For(type, access);
        if (grants.Length == 0) return Closed(ask.Interaction);
        var isRestricted = grants is not [{ IsUnrestricted: true }];
        if (id.Length == 0)
        {
            var searching = token.For(type, ScopeAccess.Search);
            if (searching.Length == 0) return FhirRefusal.Forbidden($"an interaction with criteria in place of an id needs a scope to search for {type}");
            if ((SearchRules.Narrow(token, type, ask.Query, grants) ?? SearchRules.Narrow(token, type, ask.Query, searching)) is { } refusal) return refusal;
        }

        if (isPatch && isRestricted && PatchRules.Judge(ask, type, grants) is { } unsafePatch) return unsafePatch;
        if (ask.Interaction.Name == "update" && Unfit(ask, grants) is { } unfit) return unfit;
        return new SmartVerdict
        {
            Stored = isRestricted && id.Length > 0 ? grants : null, Check = access == ScopeAccess.Delete ? ResponseCheck.None : ResponseCheck.Written
        };
    }

    private SmartVerdict Operation(SmartToken token, FhirInteraction interaction)
    {
        if (openOperations.Contains(interaction.Operation) && token.HasAny) return SmartVerdict.Pass;
        if (interaction.Operation is not ("$everything" or "$export")) return Closed(interaction);
        if (token.IsFull(Reading)) return SmartVerdict.Pass;
        if (interaction is not { Operation: "$everything", Type: "Patient", Id.Length: > 0 }) return Closed(interaction);
        return OwnsPatient(token, interaction) ? new SmartVerdict { Check = ResponseCheck.SearchsetWithoutTotal } : FhirRefusal.NotFound;
    }

    /// <summary>Why a sent resource may not be written; null if the token permits the write.</summary>
    private static FhirRefusal? Unfit(SmartRequest ask, Grant[] grants)
    {
        var type = ask.Interaction.Type;
        if (ask.Body is not JsonObject resource) return FhirRefusal.Invalid("the resource is missing, or is not JSON or XML of FHIR");
        if (FhirElements.Text(resource, "resourceType") != type)
            return FhirRefusal.Invalid($"the resource is not of type {type}, which the path names") with { Expression = type };
        var isNamed = ask.Interaction.Name == "create" || ask.Interaction.Id.Length == 0 || FhirElements.Text(resource, "id") == ask.Interaction.Id;
        if (!isNamed) return FhirRefusal.Invalid("the id of the resource is not the one of the path") with { Expression = $"{type}.id" };
        if (grants.Any(g => g.Takes(resource, type, ask.PublicBase))) return null;
        return FhirRefusal.Forbidden($"the scopes of this token do not let write this {type}: it is not about the patient of the token, or not of a kind "
            + "that a scope names") with
        { Expression = type };
    }

    private static bool OwnsPatient(SmartToken token, FhirInteraction interaction)
        => interaction.Type == "Patient" && token.For("Patient", ScopeAccess.Read).Any(g => g.Patient == interaction.Id || g.IsUnrestricted);

    private static bool IsForeignPatient(SmartToken token, string searched, FhirInteraction interaction)
    {
        var grants = token.For(searched, ScopeAccess.Search);
        return interaction.Type == "Patient" && grants.Length > 0 && grants.All(g => g.Patient is not null && g.Patient != interaction.Id);
    }

    private static SmartVerdict Closed(FhirInteraction interaction)
    {
        var what = interaction.CompartmentType is { Length: > 1 } searched ? $" for {searched}" : interaction.Type.Length > 0 ? $" {interaction.Type}" : "";
        return FhirRefusal.Forbidden($"the scopes of this token do not let {Words(interaction)}{what}");
    }

    private static string Words(FhirInteraction interaction) => interaction.Name switch
    {
        "read" or "vread" => "read",
        "search-type" => "search for",
        "search-compartment" => "search",
        "search-system" => "search all types at once",
        "history-instance" or "history-type" => "see the history of",
        "history-system" => "see the history of everything",
        "operation" => $"call {interaction.Operation} on",
        var other => other,
    };
}
