using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Packages.Jmix;

/// <summary>
/// The JMIX API: <c>GET</c> and <c>HEAD /api/jmix/{id}</c>, <c>…/{id}/manifest</c>, <c>/api/jmix?studyInstanceUid=</c>, <c>POST /api/jmix</c>,
/// <c>GET</c> and <c>POST /api/jmix/prime/{study}</c>, resumable uploads at <c>/api/jmix/uploads</c>, <c>DELETE /api/jmix/{id}</c> where that is allowed. It
/// says what a request wants; the packages are those of a <c>jmix_builder</c>, or of a <c>jmix_backend</c>.
/// </summary>
internal sealed class JmixEndpoint : IShapingEndpoint
{
    private readonly JmixEndpointOptions _options;

    private JmixEndpoint(IReadOnlyList<EndpointRoute> routes, JmixEndpointOptions options) => (Routes, _options) = (routes, options);

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
        var path = $"{options.PathPrefix.TrimEnd('/')}/api/jmix";
        if (RoutePattern.TryParsePrefix(path, out var pattern, out var error)) return new JmixEndpoint([new EndpointRoute(pattern!, IsPrefix: true, Method: null)], options);
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

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => ValueTask.CompletedTask;
}
