using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>A request, or an entry of a Bundle, that is judged by the scopes of a token. Judging may narrow its parameters and its body.</summary>
/// <param name="interaction">The interaction.</param>
/// <param name="query">The parameters of the URL, and of a form.</param>
internal sealed class SmartRequest(FhirInteraction interaction, FhirQuery query)
{
    /// <summary>The interaction.</summary>
    public FhirInteraction Interaction => interaction;

    /// <summary>The parameters.</summary>
    public FhirQuery Query => query;

    /// <summary>The resource or patch that is sent; null for none, and where it could not be read.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>Whether parts of the body can be changed: XML cannot.</summary>
    public bool BodyIsJson { get; init; }

    /// <summary>Whether conditional references of the body have been narrowed.</summary>
    public bool BodyIsChanged { get; set; }

    /// <summary>The criteria of a conditional create; null for none.</summary>
    public FhirQuery? IfNoneExist { get; set; }

    /// <summary>The base URL of this server, by which references to it may begin.</summary>
    public required string PublicBase { get; init; }
}

/// <summary>The judgement on a request: whether the request passes, and what has to be checked before and after.</summary>
internal sealed record SmartVerdict
{
    /// <summary>Request and response pass as they are.</summary>
    public static readonly SmartVerdict Pass = new();

    /// <summary>Why the request is refused; null if it passes.</summary>
    public FhirRefusal? Refusal { get; init; }

    /// <summary>Grants of which one must show the stored resource; null if the stored resource does not matter.</summary>
    public Grant[]? Stored { get; init; }

    /// <summary>How the response is judged.</summary>
    public ResponseCheck Check { get; init; }

    /// <summary>A refusal.</summary>
    public static implicit operator SmartVerdict(FhirRefusal refusal) => new() { Refusal = refusal };
}

/// <summary>How a response is judged.</summary>
internal enum ResponseCheck
{
    /// <summary>The response passes unchecked.</summary>
    None,

    /// <summary>A resource that a grant to read its type must show.</summary>
    Resource,

    /// <summary>A Bundle; only entries that the token may see remain.</summary>
    Searchset,

    /// <summary>A Bundle of a search that could not be narrowed: its total is left out too, as the number would tell too much.</summary>
    SearchsetWithoutTotal,

    /// <summary>The history of a resource that has been judged; entries without a resource tell of deletions and remain.</summary>
    History,

    /// <summary>The written resource that a server sends back: shown only if the token may read the resource.</summary>
    Written,
}
