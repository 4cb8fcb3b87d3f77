using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Requests;
using Harmony.Http.Services.Http;
using Harmony.Http.Services;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>
/// DICOMweb (PS3.18): understands requests, so that policies and backends can, refuses what is none, and gives responses their form: parts, ranges,
/// validators, content codings, CORS. What the responses say, a bridge or a backend knows.
/// </summary>
internal sealed class DicomWebEndpoint : IShapingEndpoint
{
    private const string Methods = "GET, HEAD, POST, OPTIONS";

    /// <summary>Response headers that web pages may read besides the default ones.</summary>
    private const string Exposed = "accept-ranges, content-encoding, content-length, content-location, content-range, etag, retry-after, warning, x-request-id";

    private readonly Cors _cors;
    private readonly PublicAddress _address;
    private readonly bool _compresses;
    private readonly string _prefix;

    private DicomWebEndpoint(DicomWebOptions options, IReadOnlyList<EndpointRoute> routes)
    {
        (Routes, MaxBodySize, _compresses, _prefix) = (routes, options.MaxBodySize, options.Compression, options.PathPrefix.TrimEnd('/'));
        _cors = new Cors(options.CorsOrigins, options.CorsCredentials, Exposed);
        _address = new PublicAddress(options.PublicUrl);
    }

    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; }

    public long? MaxBodySize { get; }

    public IReadOnlyList<string> Words => [.. WebPath.Templates.Select(t => $"{t.Methods} {_prefix}{t.Path}: {t.Summary}")];

    public static DicomWebEndpoint? Create(DicomWebOptions options, EndpointContext context)
    {
        if (options.PublicUrl is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }))
        {
            context.Problems.Error(
                options.LocationOf("public_url"), "'public_url' must be a URL such as https://pacs.example.org/dicomweb, without user, query and fragment");
            return null;
        }

        if (!Cors.Check(options, options.CorsOrigins, options.CorsCredentials, context)) return null;
        return HttpEndpoint.RoutesOf(options.PathPrefix, isPrefix: true, [null], options, context) is { } routes ? new DicomWebEndpoint(options, routes) : null;
    }

    public ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => ValueTask.FromResult(Understand(request));

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Request.Method == "OPTIONS") _cors.AddPreflight(response, Methods);
        else _cors.AddTo(response.Request, response.Headers);
        if (response.Objects is not null) await PartsBody.WriteAsync(response, ct);
        if (Validators.TryAnswer304(response)) return;
        if (_compresses) Compression.Apply(response);
    }

    /// <returns>A response that the endpoint gives itself; null if the pipeline is needed.</returns>
    private ResponseEnvelope? Understand(RequestEnvelope request)
    {
        if (!WebPath.TryParse(request.PathBelowPrefix, out var resource, out var error)) return Unknown(request, error);
        if (request.Method == "OPTIONS") return Capabilities.Answer(request, _prefix);
        if (resource.Service == WebService.Capabilities && request.QueryParams.ContainsKey("requestType"))
        {
            resource = resource with { Service = WebService.WadoUri };
        }

        if (request.Method == "POST")
        {
            if (resource is not { Service: WebService.Search or WebService.Retrieve, Level: QueryLevel.Study }) return NotStorable(request, resource);
            resource = resource with { Service = WebService.Store };
        }
        else if (request.Method is not ("GET" or "HEAD"))
        {
            var refused = WebProblem.Answer(request, 405, $"{request.Method} is not a method of DICOMweb here: use GET, or POST to store objects.");
            refused.Headers.Set("allow", "GET, HEAD, POST, OPTIONS");
            return refused;
        }

        if (resource.Service == WebService.Capabilities) return Capabilities.Answer(request, _prefix);
        return Understand(request, resource);
    }

    private ResponseEnvelope? Understand(RequestEnvelope request, WebResource resource)
    {
        try
        {
            var web = new DicomWebRequest(resource, _address.Of(request) + PrefixOf(request, resource))
            {
                Accept = AcceptOf(request),
                Search = resource.Service == WebService.Search ? SearchQueryReader.Read(request.QueryParams, resource) : null,
            };
            if (resource.Service == WebService.WadoUri)
            {
                if (WadoUriReader.Read(request.QueryParams, web, out var error) is not { } named) return WebProblem.Answer(request, 400, error!);
                web = named;
            }

            request.SetFeature(web);
            DicomWebMetadata.Describe(request, web);
            return null;
        }
        catch (SearchQueryException e)
        {
            return WebProblem.Answer(request, 400, $"{e.Message}.");
        }
    }

    /// <summary>The query parameter goes over the header (PS3.18 §8.7.3): pages cannot set the header of an image that they show.</summary>
    private static IReadOnlyList<MediaRange> AcceptOf(RequestEnvelope request)
        => AcceptHeader.Parse(
            request.QueryParams.TryGetValue("accept", out var values) && values.Any(v => v.Length > 0)
                ? string.Join(',', values)
                : request.Headers.Combined("accept"));

    /// <summary>The part of the path before <c>/studies</c> if it begins with an AE title.</summary>
    private static string PrefixOf(RequestEnvelope request, WebResource resource)
    {
        if (resource.AeTitle is null) return "";
        var at = request.PathBelowPrefix.IndexOf("/studies", StringComparison.Ordinal);
        if (at < 0) at = request.PathBelowPrefix.LastIndexOf('/');
        return request.PathBelowPrefix[..at];
    }

    private static ResponseEnvelope Unknown(RequestEnvelope request, string? error) => error is not null
        ? WebProblem.Answer(request, 400, $"{char.ToUpperInvariant(error[0])}{error[1..]}.")
        : WebProblem.Answer(
            request, 404, "DICOMweb has no such resource: paths begin with /studies, /series or /instances, and objects are stored by POST to /studies.");

    private static ResponseEnvelope NotStorable(RequestEnvelope request, WebResource resource)
    {
        if (resource.Service == WebService.Capabilities) return WebProblem.Answer(request, 404, "Objects are stored by POST to /studies, below this path.");
        var refused = WebProblem.Answer(request, 405, "Objects are stored by POST to /studies, or to /studies/{study}; all other requests use GET.");
        refused.Headers.Set("allow", "GET, HEAD, OPTIONS");
        return refused;
    }
}

/// <summary><c>[endpoints.NAME.options]</c> of a <c>dicomweb</c> endpoint.</summary>
public sealed record DicomWebOptions : ConfigNode
{
    /// <summary>Root path of the DICOMweb service. The endpoint receives requests for this path and all paths below it.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/dicomweb";

    /// <summary>
    /// URL of that root for clients, e.g. <c>https://pacs.example.org/dicomweb</c>; RetrieveURL and BulkDataURI begin with it. When absent, the URL of the
    /// request, as the client or a trusted proxy gives it.
    /// </summary>
    [NotEmpty]
    public string? PublicUrl { get; init; }

    /// <summary>
    /// Origins of web pages that may use the service, e.g. <c>https://viewer.example.org</c>; <c>*</c> for every origin. Empty: only pages of the same origin.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = ["*"];

    /// <summary>Lets those pages send cookies and client certificates. Not with the origin <c>*</c>.</summary>
    public bool CorsCredentials { get; init; }

    /// <summary>Largest request body, in bytes; no limit when absent, because stored objects stream.</summary>
    [AllowedRange(0)]
    public long? MaxBodySize { get; init; }

    /// <summary>Compresses JSON and XML responses with gzip or br if the client accepts it.</summary>
    public bool Compression { get; init; } = true;
}
