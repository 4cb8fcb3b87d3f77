using System.Collections.Frozen;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// The RESTful API of FHIR: understands requests before anything else runs, refuses what no server could answer or what the configuration does not let
/// through, and answers errors as OperationOutcome.
/// </summary>
internal sealed class FhirEndpoint : IShapingEndpoint, IErrorForm
{
    private const string Exposed = "Content-Location, ETag, Last-Modified, Location, X-Request-Id, Retry-After, X-Progress, Expires, Link";

    private readonly FhirEndpointOptions _options;
    private readonly FrozenSet<string> _interactions;
    private readonly FrozenSet<string> _types;
    private readonly FrozenSet<string> _operations;
    private readonly FrozenSet<string> _parameters;
    private readonly FrozenSet<string> _origins;

    private FhirEndpoint(IReadOnlyList<EndpointRoute> routes, FhirEndpointOptions options)
    {
        (Routes, _options) = (routes, options);
        _interactions = options.Interactions.ToFrozenSet(StringComparer.Ordinal);
        _types = options.ResourceTypes.ToFrozenSet(StringComparer.Ordinal);
        _operations = options.Operations.Select(o => "$" + o.TrimStart('$')).ToFrozenSet(StringComparer.Ordinal);
        _parameters = options.SearchParameters.ToFrozenSet(StringComparer.Ordinal);
        _origins = options.AllowedOrigins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; }

    public long? MaxBodySize => _options.MaxBodySize;

    public static FhirEndpoint? Create(FhirEndpointOptions options, EndpointContext context)
    {
        if (!RoutePattern.TryParsePrefix(options.PathPrefix, out var pattern, out var error))
        {
            context.Problems.Error(options.LocationOf("path_prefix"), $"'path_prefix' of endpoint '{context.Name}' is not a path: {error}");
            return null;
        }

        foreach (var type in options.ResourceTypes.Where(t => !FhirResourceTypes.Has(options.FhirVersion, t)))
        {
            var near = FhirResourceTypes.Nearest(type);
            context.Problems.Error(options.LocationOf("resource_types"), $"FHIR {options.FhirVersion} has no resource type '{type}'{(near is null ? "" : $"; did you mean '{near}'?")}");
        }

        return new FhirEndpoint([new EndpointRoute(pattern, IsPrefix: true, Method: null)], options);
    }

    public ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Method == "OPTIONS") return new(Preflight(request));
        var (interaction, refusal) = FhirPath.Parse(request.Method, request.PathBelowPrefix, request.Query.Length > 0, _options.FhirVersion);
        refusal ??= Judge(request, interaction!);
        if (refusal is not null) return new(OperationOutcomes.Answer(request, refusal));
        Describe(request, interaction!);
        return default;
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        var request = response.Request;
        if (response.Headers["content-type"] is not { } type) SetType(response, request);
        else if (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && !AsksForPlainJson(request)) response.Headers.Set("content-type", FhirMediaTypes.Json + type["application/json".Length..]);
        AddCors(request, response.Headers);
        return ValueTask.CompletedTask;
    }

    public RefusalContent? ErrorBody(RequestEnvelope request, int status, string requestId)
    {
        var (code, text) = OperationOutcomes.OfStatus(status);
        return OperationOutcomes.Content(FhirMediaTypes.WantsXml(request, out _), code, $"{text} (request {requestId})");
    }

    public IEnumerable<HeaderField> ErrorFields(RequestEnvelope request)
    {
        var fields = new HeaderFields(4);
        AddCors(request, fields);
        return fields;
    }

    private FhirRefusal? Judge(RequestEnvelope request, FhirInteraction interaction)
    {
        var isOpen = interaction.Name is "capabilities" or "smart-configuration";
        if (!isOpen && _interactions.Count > 0 && !_interactions.Contains(interaction.Name)) return Closed($"the interaction '{interaction.Name}' is not available here");
        if (!isOpen && _types.Count > 0 && !IsAllowedType(interaction)) return Closed("this resource type is not available here");
        if (interaction.Operation.Length > 0 && _operations.Count > 0 && !_operations.Contains(interaction.Operation)) return Closed("this operation is not available here");
        if (_parameters.Count > 0 && Unlisted(request) is { } parameter) return Closed($"the search parameter '{parameter}' is not available here");
        FhirMediaTypes.WantsXml(request, out var isSupported);
        if (!isSupported) return new FhirRefusal(406, "not-supported", "answers are application/fhir+json or application/fhir+xml");
        var hasBody = request.Method is "POST" or "PUT" or "PATCH";
        if (hasBody && request.Headers["content-type"] is { } type && !FhirMediaTypes.IsBody(type) && interaction.Type != "Binary")
            return new FhirRefusal(415, "not-supported", "bodies are application/fhir+json or application/fhir+xml; patches application/json-patch+json as well");
        return null;
    }

    // Of several names in one request each has to be allowed: a server may take the one that a reader passes over.
    private bool IsAllowedType(FhirInteraction interaction)
        => (interaction.Type.Length > 0 && _types.Contains(interaction.Type) && (interaction.CompartmentType.Length == 0 || _types.Contains(interaction.CompartmentType)))
            || interaction.Name == "batch";

    private string? Unlisted(RequestEnvelope request)
    {
        foreach (var name in request.QueryParams.Keys)
        {
            var bare = name.Split(':', '.')[0];
            if (bare.StartsWith('_') && bare is not ("_include" or "_revinclude" or "_has" or "_filter" or "_query" or "_content" or "_text" or "_list")) continue;
            if (!_parameters.Contains(name) && !(name.Contains(':', StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal) && _parameters.Contains(bare))) return name;
        }

        return null;
    }

    private static void Describe(RequestEnvelope request, FhirInteraction interaction)
    {
        request.SetFeature(interaction);
        var metadata = request.Metadata;
        metadata["fhir.interaction"] = interaction.Name;
        if (interaction.Type.Length > 0) metadata["fhir.type"] = interaction.Type;
        if (interaction.Id.Length > 0) metadata["fhir.id"] = interaction.Id;
        if (interaction.VersionId.Length > 0) metadata["fhir.version_id"] = interaction.VersionId;
        if (interaction.Operation.Length > 0) metadata["fhir.operation"] = interaction.Operation;
        if (interaction.CompartmentType.Length > 0) metadata["fhir.compartment_type"] = interaction.CompartmentType;
        foreach (var (name, values) in request.QueryParams) metadata["fhir.param." + name] = string.Join(',', values);
    }

    private static void SetType(ResponseEnvelope response, RequestEnvelope request)
    {
        if (response.Status is 204 or 304 || (response.Body.IsEmpty && response.Body.Length is 0 or null)) return;
        response.Headers.Set("content-type", FhirMediaTypes.WantsXml(request, out _) && !response.Body.HasData ? FhirMediaTypes.Xml : FhirMediaTypes.Json);
    }

    private static bool AsksForPlainJson(RequestEnvelope request)
        => request.Headers["accept"] is { } accept && accept.Split(',')[0].Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private ResponseEnvelope Preflight(RequestEnvelope request)
    {
        var response = new ResponseEnvelope(request, 204);
        if (_origins.Count == 0 || request.Headers["access-control-request-method"] is null)
        {
            response.Headers.Add("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            return response;
        }

        AddCors(request, response.Headers);
        response.Headers.Add("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        response.Headers.Add("access-control-allow-headers", "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Request-Id");
        response.Headers.Add("access-control-max-age", "600");
        return response;
    }

    private void AddCors(RequestEnvelope request, HeaderFields fields)
    {
        if (_origins.Count == 0) return;
        if (request.Headers["origin"] is not { } origin || (!_origins.Contains("*") && !_origins.Contains(origin))) return;
        fields.Set("access-control-allow-origin", origin);
        fields.Set("access-control-expose-headers", Exposed);
        fields.Add("vary", "origin");
    }

    private static FhirRefusal Closed(string text) => new(403, "forbidden", text);
}
