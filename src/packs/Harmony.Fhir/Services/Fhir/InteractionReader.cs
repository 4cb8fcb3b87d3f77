namespace Harmony.Fhir.Services.Fhir;

/// <summary>Why a request is refused: the content of an OperationOutcome, with its status.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The issue code (https://hl7.org/fhir/R4/valueset-issue-type.html).</param>
/// <param name="Text">The reason for a person.</param>
/// <param name="Allow">The methods that the path has, for 405.</param>
internal sealed record FhirRefusal(int Status, string Code, string Text, string? Allow = null)
{
    /// <summary>The id is absent, or belongs to another patient: both cases have one response.</summary>
    public static readonly FhirRefusal NotFound = new(404, "not-found", "nothing is known here by this id");

    /// <summary>The element at fault, as FHIRPath; null for none.</summary>
    public string? Expression { get; init; }

    /// <summary>The request is malformed.</summary>
    public static FhirRefusal Invalid(string text) => new(400, "invalid", text);

    /// <summary>The request is understood and not allowed.</summary>
    public static FhirRefusal Forbidden(string text) => new(403, "forbidden", text);

    /// <summary>The body has a media type or a content coding that is not read here.</summary>
    public static FhirRefusal UnsupportedBody(string text) => new(415, "not-supported", text);
}

/// <summary>Reads the interaction from method and path (https://hl7.org/fhir/R4/http.html#summary).</summary>
internal static class InteractionReader
{
    /// <summary>The interaction of a request, or the refusal if there is none.</summary>
    /// <param name="method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The canonical path below the base.</param>
    /// <param name="hasQuery">Whether there are parameters.</param>
    /// <param name="version">The FHIR version, which decides on the resource types.</param>
    public static (FhirInteraction? Interaction, FhirRefusal? Refusal) Parse(string method, string path, bool hasQuery, string version)
    {
        var segments = path.Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        // Percent-encoded letters would let a filter see another name than the server.
        if (Array.Exists(segments, s => s.Contains('%', StringComparison.Ordinal))) return Invalid("a path of FHIR has no percent-encoded characters");
        var verb = method == "HEAD" ? "GET" : method;
        return segments switch
        {
            [] => System(verb, hasQuery),
            ["metadata"] => Only(verb, "GET", new FhirInteraction("capabilities")),
            [".well-known", "smart-configuration"] => Only(verb, "GET", new FhirInteraction("smart-configuration")),
            ["_search"] => Only(verb, "POST", new FhirInteraction("search-system")),
            ["_history"] => Only(verb, "GET", new FhirInteraction("history-system")),
            [['$', ..] operation] => Operation(verb, operation, "", ""),
            [var type, ..] when !FhirResourceTypes.IsTypeName(type) || !FhirResourceTypes.Has(version, type) => UnknownType(type),
            [var type] => Type(verb, type),
            [var type, "_search"] => Only(verb, "POST", new FhirInteraction("search-type") { Type = type }),
            [var type, "_history"] => Only(verb, "GET", new FhirInteraction("history-type") { Type = type }),
            [var type, ['$', ..] operation] => Operation(verb, operation, type, ""),
            [_, var id, ..] when !FhirResourceTypes.IsId(id) => Invalid("an id has at most 64 letters, digits, hyphens and dots"),
            [var type, var id] => Instance(verb, type, id),
            [var type, var id, "_history"] => Only(verb, "GET", new FhirInteraction("history-instance") { Type = type, Id = id }),
            [var type, var id, "_history", var vid] when FhirResourceTypes.IsId(vid)
                => Only(verb, "GET", new FhirInteraction("vread") { Type = type, Id = id, VersionId = vid }),
            [var type, var id, ['$', ..] operation] => Operation(verb, operation, type, id),
            [var type, var id, "_search"] => Only(verb, "POST", new FhirInteraction("search-compartment") { Type = type, Id = id, CompartmentType = "*" }),
            [var type, var id, var other] when other == "*" || FhirResourceTypes.Has(version, other) =>
                Only(verb, "GET", new FhirInteraction("search-compartment") { Type = type, Id = id, CompartmentType = other }),
            [var type, var id, var other, "_search"] when FhirResourceTypes.Has(version, other) =>
                Only(verb, "POST", new FhirInteraction("search-compartment") { Type = type, Id = id, CompartmentType = other }),
            _ => (null, new FhirRefusal(404, "not-found", "FHIR has no such path")),
        };
    }

    private static (FhirInteraction?, FhirRefusal?) System(string verb, bool hasQuery) => verb switch
    {
        "POST" => (new FhirInteraction("batch"), null),
        "GET" when hasQuery => (new FhirInteraction("search-system"), null),
        "GET" => (null, new FhirRefusal(404, "not-found", "the base has no content; 'metadata' says what there is")),
        _ => NotAllowed("GET, HEAD, POST"),
    };

    private static (FhirInteraction?, FhirRefusal?) Type(string verb, string type) => verb switch
    {
        "GET" => (new FhirInteraction("search-type") { Type = type }, null),
        "POST" => (new FhirInteraction("create") { Type = type }, null),
        "PUT" => (new FhirInteraction("update") { Type = type }, null),
        "PATCH" => (new FhirInteraction("patch") { Type = type }, null),
        "DELETE" => (new FhirInteraction("delete") { Type = type }, null),
        _ => NotAllowed("GET, HEAD, POST, PUT, PATCH, DELETE"),
    };

    private static (FhirInteraction?, FhirRefusal?) Instance(string verb, string type, string id) => verb switch
    {
        "GET" => (new FhirInteraction("read") { Type = type, Id = id }, null),
        "PUT" => (new FhirInteraction("update") { Type = type, Id = id }, null),
        "PATCH" => (new FhirInteraction("patch") { Type = type, Id = id }, null),
        "DELETE" => (new FhirInteraction("delete") { Type = type, Id = id }, null),
        _ => NotAllowed("GET, HEAD, PUT, PATCH, DELETE"),
    };

    private static (FhirInteraction?, FhirRefusal?) Operation(string verb, string operation, string type, string id)
    {
        if (operation.Length is < 2 or > 64 || !operation[1..].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return Invalid("this is no name of an operation");
        return verb is "GET" or "POST" or "DELETE"
            ? (new FhirInteraction("operation") { Operation = operation, Type = type, Id = id }, null)
            : NotAllowed("GET, HEAD, POST, DELETE");
    }

    private static (FhirInteraction?, FhirRefusal?) Only(string verb, string allowed, FhirInteraction interaction)
        => verb == allowed ? (interaction, null) : NotAllowed(allowed == "GET" ? "GET, HEAD" : allowed);

    private static (FhirInteraction?, FhirRefusal?) UnknownType(string type)
        => (null, new FhirRefusal(404, "not-supported", FhirResourceTypes.Nearest(type) is { } near
            ? $"there is no such resource type; did you mean '{near}'?"
            : "there is no such resource type"));

    private static (FhirInteraction?, FhirRefusal?) NotAllowed(string methods)
        => (null, new FhirRefusal(405, "not-supported", $"allowed here: {methods}", methods));

    private static (FhirInteraction?, FhirRefusal?) Invalid(string text) => (null, new FhirRefusal(400, "invalid", text));
}
