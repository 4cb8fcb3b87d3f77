using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>A request as it would go out now: what the client sent, and over it what steps have changed so far.</summary>
internal sealed class TargetView
{
    private readonly RequestEnvelope _request;
    private readonly TargetDetails? _details;

    private TargetView(RequestEnvelope request)
    {
        _request = request;
        _details = request.Target;
    }

    /// <summary>Null unless a step has set one: the backend is not chosen yet.</summary>
    public string? BaseUrl => _details?.BaseUrl;

    public string Method => _details?.Method ?? _request.Method;

    /// <summary>The path below the base URL, without a slash in front (as the metadata key <c>path</c> has it) and without the query.</summary>
    public string Uri => (_details?.Path ?? _request.PathBelowPrefix).TrimStart('/');

    public string Query => _details?.Query ?? _request.Query;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> QueryParams
        => _details?.Query is { } query ? QueryString.Parse(query) : _request.QueryParams;

    public HeaderFields Headers
    {
        get
        {
            if (_details is not { Headers.Count: > 0 } details) return _request.Headers;
            var all = new HeaderFields(_request.Headers.Count + details.Headers.Count);
            foreach (ref readonly var line in _request.Headers.AsSpan())
            {
                if (!details.Headers.Contains(line.Name)) all.Add(line.Name, line.Value);
            }

            foreach (ref readonly var line in details.Headers.AsSpan()) all.Add(line.Name, line.Value);
            return all;
        }
    }

    public IReadOnlyDictionary<string, string> Cookies => _details?.Headers.Contains("cookie") == true ? CookieString.Parse(_details.Headers) : _request.Cookies;

    public IEnumerable<KeyValuePair<string, string>> Metadata
    {
        get
        {
            if (_details is not { Metadata.Count: > 0 } details) return _request.Metadata;
            var all = new Dictionary<string, string>(_request.Metadata, StringComparer.Ordinal);
            foreach (var (key, value) in details.Metadata) all[key] = value;
            return all;
        }
    }

    public static TargetView Of(RequestEnvelope request) => new(request);
}
