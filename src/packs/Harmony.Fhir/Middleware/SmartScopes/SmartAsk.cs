using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>What is asked for, whether by a request of its own or by an entry of a Bundle. Judging may narrow it.</summary>
/// <param name="interaction">The interaction.</param>
/// <param name="query">The parameters of the URL, and of a form.</param>
internal sealed class SmartAsk(FhirInteraction interaction, FhirQuery query)
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

    /// <summary>By which references to this server may begin.</summary>
    public required string PublicBase { get; init; }
}

/// <summary>What is to be done so that a request shows and changes nothing beyond its token.</summary>
internal sealed record SmartVerdict
{
    /// <summary>It passes as it is, and so does the response.</summary>
    public static readonly SmartVerdict Pass = new();

    /// <summary>Why it is refused; null where it is not.</summary>
    public FhirRefusal? Refusal { get; init; }

    /// <summary>The resource as it is stored must be shown by one of these; null where it does not matter.</summary>
    public Grant[]? Stored { get; init; }

    /// <summary>How the response is judged.</summary>
    public ResponseCheck Check { get; init; }

    /// <summary>A refusal.</summary>
    public static implicit operator SmartVerdict(FhirRefusal refusal) => new() { Refusal = refusal };
}

/// <summary>How a response is judged.</summary>
internal enum ResponseCheck
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A resource that one of the ways to read its type must show.</summary>
    Resource,

    /// <summary>A Bundle of which only entries remain that the token may see.</summary>
    Searchset,

    /// <summary>The same for a search that could not be narrowed, so that its total would tell too much.</summary>
    SearchsetWithoutTotal,

    /// <summary>The history of a resource that has been judged; entries without a resource tell of deletions and remain.</summary>
    History,

    /// <summary>What a server sends back of what has been written: shown only to who may read it.</summary>
    Written,
}
