using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Harmony.Fhir.Definitions;
using Harmony.Http.Services;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// The RESTful API of FHIR: understands requests before anything else runs, refuses what no server could answer or what the configuration does not let
/// through, and answers errors as OperationOutcome.
/// </summary>
internal sealed class FhirEndpoint : IShapingEndpoint, IErrorForm
{
    private const string Exposed = "Content-Location, ETag, Last-Modified, Location, X-Request-Id, Retry-After, X-Progress, Expires, Link";

    private readonly FhirEndpointOptions _options;
    private readonly FhirAllowLists _lists;
    private readonly FrozenSet<string> _origins;
    private readonly string[] _exportPaths;
    private readonly CapabilityFilter _capabilities;
    private readonly PublicAddress _address;
    private readonly byte[]? _smart;
    private readonly long _mostBytes;

    private FhirEndpoint(IReadOnlyList<EndpointRoute> routes, FhirEndpointOptions options, long mostBytes)
    {
        (Routes, _options, _mostBytes) = (routes, options, mostBytes);
        _lists = new FhirAllowLists(options);
        _capabilities = new CapabilityFilter(_lists, options.Smart, hasCors: options.AllowedOrigins.Count > 0);
        _address = new PublicAddress(options.PublicBase);
        _smart = options.Smart is { } smart ? Encoding.UTF8.GetBytes(smart.Document().ToJsonString()) : null;
        _exportPaths = [.. options.ExportPaths.Select(p => p.Trim('/')).Where(p => p.Length > 0)];
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
            var suggestion = FhirResourceTypes.Nearest(type) is { } near ? $"; did you mean '{near}'?" : "";
            context.Problems.Error(options.LocationOf("resource_types"), $"FHIR {options.FhirVersion} has no resource type '{type}'{suggestion}");
        }

        return new FhirEndpoint([new EndpointRoute(pattern, IsPrefix: true, Method: null)], options, context.Environment.Limits.MaxBodySize);
    }

    public ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Method == "OPTIONS") return new(Preflight(request));
        var (interaction, refusal) = InteractionReader.Parse(request.Method, request.PathBelowPrefix, request.Query.Length > 0, _options.FhirVersion);
        if (refusal is { Status: 404 } && IsOfExport(request)) (interaction, refusal) = (new FhirInteraction("operation") { Operation = "$export" }, null);
        refusal ??= Judge(request, interaction!);
        if (refusal is not null) return new(OperationOutcomes.Answer(request, refusal));
        request.SetFeature(interaction!);
        if (interaction!.Name == "smart-configuration" && _smart is not null) return new(SmartConfiguration(request));
        if (interaction.Name == "batch" && _lists.AreGiven) return JudgeEntriesAsync(request, ct);
        if (request.Method == "POST" && interaction.IsSearch && _lists.NamesParameters) return JudgeFormAsync(request, interaction, ct);
        if (interaction.Name is not ("capabilities" or "smart-configuration")) return default;
        request.NeedsNoIdentity = _options.PublicMetadata;
        if (interaction.Name == "capabilities" && _capabilities.IsNeeded) request.Headers.Set("accept", FhirMediaTypes.Json);
        return default;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        var request = response.Request;
        var interaction = request.Feature<FhirInteraction>()?.Name;
        if (_capabilities.IsNeeded && response.Status == 200 && interaction == "capabilities") await FilterCapabilitiesAsync(response, ct);
        if (response.Headers["content-type"] is not { } type) SetType(response, request);
        else if (FhirMediaTypes.FormatOf(type) == FhirFormat.Html) RefusePage(response, request);
        else if (interaction != "smart-configuration" && !AsksForPlainJson(request)) NameFhirJson(response, type);
        AddCors(request, response.Headers);
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

    /// <summary>Whether the path is that of an export's status or file, which the server chooses freely.</summary>
    private bool IsOfExport(RequestEnvelope request)
    {
        if (request.Method is not ("GET" or "HEAD" or "DELETE")) return false;
        var path = request.PathBelowPrefix.Trim('/');
        return _exportPaths.Any(p => path == p || path.StartsWith(p + "/", StringComparison.Ordinal));
    }

    /// <summary>An entry of a Bundle is refused where a request of its own would be.</summary>
    private async ValueTask<ResponseEnvelope?> JudgeEntriesAsync(RequestEnvelope request, CancellationToken ct)
    {
        var isXml = FhirMediaTypes.IsXml(request.Headers["content-type"]);
        JsonNode? bundle = isXml
            ? FhirXml.Load(await request.Body.ReadBytesAsync(_mostBytes, ct)) is { Root: { } root } ? FhirXml.Resource(root) : null
            : await request.Body.ReadJsonAsync(_mostBytes, ct);
        var refusal = request.Headers["content-encoding"] is null
            ? _lists.Judge(bundle, _options.FhirVersion)
            : FhirRefusal.UnsupportedBody("a Bundle is posted without a content coding here");
        return refusal is null ? null : OperationOutcomes.Answer(request, refusal);
    }

    private async ValueTask<ResponseEnvelope?> JudgeFormAsync(RequestEnvelope request, FhirInteraction interaction, CancellationToken ct)
    {
        if (request.Body.IsEmpty) return null;
        var isForm = request.Headers["content-type"]?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        if (!isForm || request.Headers["content-encoding"] is not null)
            return OperationOutcomes.Answer(request, FhirRefusal.UnsupportedBody("parameters of a search are posted as application/x-www-form-urlencoded"));
        var form = await request.Body.ReadBytesAsync(_mostBytes, ct);
        var parameters = QueryString.Parse(Encoding.UTF8.GetString(form.Span)).Keys;
        return _lists.Judge(interaction, parameters) is { } closed ? OperationOutcomes.Answer(request, closed) : null;
    }

    private async ValueTask FilterCapabilitiesAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Headers["content-encoding"] is not null || !FhirMediaTypes.IsJson(response.Headers["content-type"] ?? FhirMediaTypes.Json))
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol,
                "the server does not say what it can do in JSON, so it cannot be said of the gateway");
        var document = await response.Body.ReadJsonAsync(_mostBytes, ct);
        if (document is not JsonObject statement || FhirElements.Text(statement, "resourceType") != "CapabilityStatement") return;
        _capabilities.Apply(statement, _address.Of(response.Request));
        response.Body.Replace(Encoding.UTF8.GetBytes(statement.ToJsonString()));
        foreach (var name in (string[])["content-length", "etag", "content-md5"]) response.Headers.Remove(name);
    }

    private ResponseEnvelope SmartConfiguration(RequestEnvelope request)
    {
        var response = new ResponseEnvelope(request, 200) { Body = request.Method == "HEAD" ? Body.Empty() : Body.FromBytes(_smart!) };
        response.Headers.Add("content-type", "application/json");
        return response;
    }

    private FhirRefusal? Judge(RequestEnvelope request, FhirInteraction interaction)
    {
        if (_lists.AreGiven && _lists.Judge(interaction, request.QueryParams.Keys) is { } closed) return closed;
        FhirMediaTypes.WantsXml(request, out var isSupported);
        if (!isSupported) return new FhirRefusal(406, "not-supported", "answers are application/fhir+json or application/fhir+xml");
        var hasBody = request.Method is "POST" or "PUT" or "PATCH";
        if (hasBody && request.Headers["content-type"] is { } type && !FhirMediaTypes.IsBody(type) && interaction.Type != "Binary")
            return FhirRefusal.UnsupportedBody("bodies are application/fhir+json or application/fhir+xml; patches application/json-patch+json as well");
        return null;
    }

    private static void SetType(ResponseEnvelope response, RequestEnvelope request)
    {
        if (response.Status is 204 or 304 || (response.Body.IsEmpty && response.Body.Length is 0 or null)) return;
        response.Headers.Set("content-type", FhirMediaTypes.WantsXml(request, out _) && !response.Body.HasData ? FhirMediaTypes.Xml : FhirMediaTypes.Json);
    }

    /// <summary>A server that says <c>application/json</c> means FHIR's JSON; parameters behind the type stay.</summary>
    private static void NameFhirJson(ResponseEnvelope response, string type)
    {
        const string plain = "application/json";
        if (type.StartsWith(plain, StringComparison.OrdinalIgnoreCase)) response.Headers.Set("content-type", FhirMediaTypes.Json + type[plain.Length..]);
    }

    /// <summary>
    /// A page of HTML comes from a proxy in front of the server, or from a server that knows no FHIR. An error keeps its status and gets an
    /// OperationOutcome as its body; a success is a fault of the backend.
    /// </summary>
    private static void RefusePage(ResponseEnvelope response, RequestEnvelope request)
    {
        if (request.Feature<FhirInteraction>() is { Type: "Binary" }) return;
        if (request.Headers.Combined("accept") is { } accept && accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)) return;
        if (response.Status < 400)
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol,
                "the server answered with a page of HTML, which is nothing of FHIR; is its base URL right?");
        var (code, text) = OperationOutcomes.OfStatus(response.Status);
        var content = OperationOutcomes.Content(FhirMediaTypes.WantsXml(request, out _), code, text);
        response.Body.Replace(request.Method == "HEAD" ? default : content.Bytes);
        response.Headers.Set("content-type", content.ContentType);
        foreach (var name in (string[])["content-length", "content-encoding", "content-language", "etag"]) response.Headers.Remove(name);
    }

    /// <summary>Whether the first media type of <c>Accept</c> is <c>application/json</c>.</summary>
    private static bool AsksForPlainJson(RequestEnvelope request)
    {
        if (request.Headers["accept"] is not { } accept) return false;
        var first = accept.IndexOf(',') is >= 0 and var end ? accept.AsSpan(0, end) : accept;
        return FhirMediaTypes.Bare(first).Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

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
        response.Headers.Add("access-control-allow-headers",
            "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Break-Glass, X-Request-Id");
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
}
