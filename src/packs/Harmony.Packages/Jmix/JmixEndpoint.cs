using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Routing;
using Harmony.Http.Services.Http;

namespace Harmony.Packages.Jmix;

/// <summary>
/// The JMIX API: <c>GET</c> and <c>HEAD /api/jmix/{id}</c>, <c>…/{id}/manifest</c>, <c>/api/jmix?studyInstanceUid=</c>, <c>POST /api/jmix</c>,
/// <c>GET</c> and <c>POST /api/jmix/prime/{study}</c>, resumable uploads at <c>/api/jmix/uploads</c>, <c>DELETE /api/jmix/{id}</c> if allowed. The
/// endpoint parses requests; the packages are those of a <c>jmix_builder</c>, or of a <c>jmix_backend</c>.
/// </summary>
internal sealed class JmixEndpoint : IShapingEndpoint, IErrorForm
{
    /// <summary>Response headers that web pages may read besides the safelisted ones; TUS 1.0.0 needs all <c>tus-</c> and <c>upload-</c> headers.</summary>
    private const string Exposed = "accept-ranges, content-disposition, content-length, content-location, content-range, etag, location, retry-after, "
        + "tus-extension, tus-max-size, tus-resumable, tus-version, upload-expires, upload-length, upload-metadata, upload-offset, x-request-id";

    private readonly JmixEndpointOptions _options;
    private readonly Cors? _cors;

    private JmixEndpoint(IReadOnlyList<EndpointRoute> routes, JmixEndpointOptions options)
    {
        (Routes, _options) = (routes, options);
        _cors = options.CorsOrigins.Count == 0 ? null : new Cors(options.CorsOrigins, options.CorsCredentials, Exposed);
    }

    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; }

    public long? MaxBodySize => _options.MaxBodySize;

    public IReadOnlyList<string> Words =>
    [
        "GET …/api/jmix?studyInstanceUid=UID", "GET …/api/jmix/{id}", "GET …/api/jmix/{id}/manifest", "GET, POST …/api/jmix/prime/{studyInstanceUid}",
        "POST …/api/jmix/uploads, HEAD, PATCH, DELETE …/api/jmix/uploads/{id}",
        _options.AllowDelete ? "POST …/api/jmix, DELETE …/api/jmix/{id}" : "POST …/api/jmix",
    ];

    public static JmixEndpoint? Create(JmixEndpointOptions options, EndpointContext context)
    {
        if (!Cors.Check(options, options.CorsOrigins, options.CorsCredentials, context)) return null;
        var path = $"{options.PathPrefix.TrimEnd('/')}/api/jmix";
        if (RoutePattern.TryParsePrefix(path, out var pattern, out var error))
            return new JmixEndpoint([new EndpointRoute(pattern!, IsPrefix: true, Method: null)], options);
        context.Problems.Error(options.LocationOf("path_prefix"), $"'path_prefix' of endpoint '{context.Name}' is not a path: {error}");
        return null;
    }

    public ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.PathBelowPrefix.StartsWith("/uploads", StringComparison.Ordinal)) TusRequest.OverrideMethod(request);
        var parsed = JmixRequest.Parse(request, _options);
        if (parsed.Answer is { } answer) return new(answer);
        var call = parsed.Call!;
        request.SetFeature(call);
        request.SetFeature(_options);
        request.Metadata["jmix_method"] = call.Operation.ToString().ToLowerInvariant();
        if (call.Id != Guid.Empty) request.Metadata["jmix_id"] = call.Id.ToString();
        if (call.Operation == JmixOperation.Manifest) request.Metadata["jmix_wants_manifest"] = "true";
        if (call.StudyInstanceUid.Length > 0) request.Metadata["jmix_study_uid"] = call.StudyInstanceUid;
        return default;
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Request.Method == "OPTIONS" && response.Headers["allow"] is { } methods) _cors?.AddPreflight(response, methods);
        else _cors?.AddTo(response.Request, response.Headers);
        return ValueTask.CompletedTask;
    }

    /// <summary>The CORS headers of an error: with them the script of a page can read the reason.</summary>
    public IEnumerable<HeaderField> ErrorFields(RequestEnvelope request)
    {
        var fields = new HeaderFields(4);
        _cors?.AddTo(request, fields);
        return fields;
    }
}
