using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Fhir.Definitions;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>The lists of an endpoint: interactions, types, operations and parameters that pass. An empty list lets everything pass.</summary>
/// <param name="options">The options.</param>
internal sealed class FhirAllowLists(FhirEndpointOptions options)
{
    private static readonly string[] EntryNames = ["entry"];

    private readonly FrozenSet<string> _interactions = options.Interactions.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _types = options.ResourceTypes.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _operations = options.Operations.Select(o => "$" + o.TrimStart('$')).ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _parameters = options.SearchParameters.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a list is given.</summary>
    public bool AreGiven => _interactions.Count + _types.Count + _operations.Count + _parameters.Count > 0;

    /// <summary>Whether search parameters are listed.</summary>
    public bool NamesParameters => _parameters.Count > 0;

    /// <summary>Why an interaction does not pass; null if it passes.</summary>
    /// <param name="interaction">The interaction.</param>
    /// <param name="parameters">Names of its parameters.</param>
    public FhirRefusal? Judge(FhirInteraction interaction, IEnumerable<string> parameters)
    {
        if (interaction.Name is "capabilities" or "smart-configuration") return null;
        if (!Interaction(interaction.Name)) return FhirRefusal.Forbidden($"the interaction '{interaction.Name}' is not available here");
        if (_types.Count > 0 && !AreTypesListed(interaction)) return FhirRefusal.Forbidden("this resource type is not available here");
        if (interaction.Operation.Length > 0 && !Operation(interaction.Operation)) return FhirRefusal.Forbidden("this operation is not available here");
        return parameters.FirstOrDefault(p => !Parameter(p)) is { } unlisted
            ? FhirRefusal.Forbidden($"the search parameter '{unlisted}' is not available here")
            : null;
    }

    /// <summary>Why a batch or transaction does not pass, with the refused entry; null if the Bundle passes.</summary>
    public FhirRefusal? Judge(JsonNode? bundle, string version)
    {
        if (FhirElements.Text(bundle, "resourceType") != "Bundle") return FhirRefusal.Invalid("what is posted to the base is a Bundle");
        var number = 0;
        foreach (var entry in FhirElements.At(bundle, EntryNames))
        {
            var place = $"Bundle.entry[{number++.ToString(CultureInfo.InvariantCulture)}]";
            var request = entry is JsonObject members ? members["request"] : null;
            var parts = (FhirElements.Text(request, "url") ?? "").Split('?', 2);
            var (interaction, refusal) = InteractionReader.Parse(FhirElements.Text(request, "method") ?? "", parts[0], parts.Length > 1, version);
            refusal ??= interaction!.Name == "batch"
                ? FhirRefusal.Invalid("an entry names no resource")
                : Judge(interaction, parts.Length > 1 ? QueryString.Parse(parts[1]).Keys : []);
            if (refusal is not null)
                return refusal with { Text = $"{place}: {refusal.Text}", Expression = place, Allow = null, Status = refusal.Status == 403 ? 403 : 400 };
        }

        return null;
    }

    /// <summary>Whether an interaction passes.</summary>
    public bool Interaction(string code) => _interactions.Count == 0 || _interactions.Contains(code);

    /// <summary>Whether a type passes.</summary>
    public bool Type(string name) => _types.Count == 0 || _types.Contains(name);

    /// <summary>Whether an operation passes, given with its dollar sign.</summary>
    public bool Operation(string name) => _operations.Count == 0 || _operations.Contains(name);

    /// <summary>Whether a search parameter passes, as a request writes it. Parameters of results, such as <c>_count</c>, always do.</summary>
    public bool Parameter(string name)
    {
        if (_parameters.Count == 0) return true;
        var bare = name.Split(':', '.')[0];
        if (bare.StartsWith('_') && bare is not ("_include" or "_revinclude" or "_has" or "_filter" or "_query" or "_content" or "_text" or "_list"))
            return true;
        return _parameters.Contains(name)
            || (name.Contains(':', StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal) && _parameters.Contains(bare));
    }

    /// <summary>Whether an include passes: <c>Observation:subject</c>.</summary>
    public bool Include(string text) => text == "*" || Type(text.Split(':')[0]);

    // Each type that a request names has to be listed: a server may search either.
    private bool AreTypesListed(FhirInteraction interaction)
        => (_types.Contains(interaction.Type) && (interaction.CompartmentType.Length == 0 || _types.Contains(interaction.CompartmentType)))
            || interaction.Name == "batch";
}
