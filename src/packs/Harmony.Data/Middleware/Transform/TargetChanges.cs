using System.Buffers;
using System.Text.Json;
using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Data.Middleware.Transform;

/// <summary>
/// What a spec says about where a request goes. Only what differs from what it was given counts, so a spec may copy the details through;
/// what it leaves out stays as it is.
/// </summary>
internal sealed class TargetChanges
{
    /// <summary>What would end a cookie (RFC 6265 §4.1.1) or the field.</summary>
    private static readonly SearchValues<char> NeverInCookies = SearchValues.Create("; ,\"\\\r\n\0");

    private readonly TargetView _now;
    private readonly TargetDetails _next;

    private TargetChanges(RequestEnvelope request)
    {
        _now = TargetView.Of(request);
        _next = new TargetDetails
        {
            BaseUrl = request.Target?.BaseUrl, Method = request.Target?.Method, Path = request.Target?.Path, Query = request.Target?.Query
        };
        if (request.Target is not { } before) return;
        foreach (ref readonly var field in before.Headers.AsSpan()) _next.Headers.Add(field.Name, field.Value);
        foreach (var (key, value) in before.Metadata) _next.Metadata[key] = value;
    }

    /// <summary>Reads an object with any of <c>method, uri, base_url, headers, cookies, query_params, metadata</c>.</summary>
    /// <param name="details">The object; anything else changes nothing.</param>
    /// <param name="request">The request, which stays as it is.</param>
    /// <param name="mergesQuery">Whether parameters that are not named stay; if not, those that are named are all there will be.</param>
    /// <returns>The new details of the request.</returns>
    /// <exception cref="TransformException">They cannot be sent.</exception>
    public static TargetDetails? Read(JsonElement details, RequestEnvelope request, bool mergesQuery)
    {
        if (details.ValueKind != JsonValueKind.Object) return request.Target;
        var changes = new TargetChanges(request);
        foreach (var member in details.EnumerateObject()) changes.Read(member.Name, member.Value, mergesQuery);
        return changes._next;
    }

    private void Read(string name, JsonElement value, bool mergesQuery)
    {
        switch (name)
        {
            case "base_url" when Text(value) is { } url && url != _now.BaseUrl: _next.BaseUrl = TargetUri.ParseBase(url); break;
            case "method" when Text(value) is { } method && method != _now.Method: _next.Method = Method(method); break;
            case "uri" when Text(value) is { } uri && uri.TrimStart('/') != _now.Uri: SetUri(uri); break;
            case "headers": FieldText.SetAll(_next.Headers, FieldText.Changed(value, HeaderMap.Of(_now.Headers))); break;
            case "cookies": SetCookies(value); break;
            case "query_params": SetQuery(value, mergesQuery); break;
            case "metadata": MetadataMap.Merge(value, _next.Metadata, MetadataMap.Of(_now.Metadata)); break;
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string Method(string method)
        => HeaderField.IsName(method) ? method : throw new TransformException("'method' of target_details is not a method");

    private void SetUri(string uri)
    {
        var (path, query) = TargetUri.Parse(uri);
        _next.Path = path;
        if (query is not null) _next.Query = query;
    }

    private void SetQuery(JsonElement value, bool merges)
    {
        if (value.ValueKind != JsonValueKind.Object) return;
        var next = merges ? new Dictionary<string, IReadOnlyList<string>>(_now.QueryParams, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject()) next[member.Name] = FieldText.OfScalars(member.Value);
        if (!AreSame(next, _now.QueryParams)) _next.Query = TargetUri.QueryOf(next);
    }

    private void SetCookies(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return;
        var next = new Dictionary<string, string>(_now.Cookies, StringComparer.Ordinal);
        var changed = false;
        foreach (var member in value.EnumerateObject())
        {
            if (Text(member.Value) is not { } text || (next.TryGetValue(member.Name, out var before) && before == text)) continue;
            if (!HeaderField.IsName(member.Name) || text.AsSpan().ContainsAny(NeverInCookies))
                throw new TransformException("'cookies' of target_details has a cookie that cannot be sent");
            next[member.Name] = text;
            changed = true;
        }

        if (changed) _next.Headers.Set("cookie", string.Join("; ", next.Select(c => $"{c.Key}={c.Value}")));
    }

    private static bool AreSame(Dictionary<string, IReadOnlyList<string>> left, IReadOnlyDictionary<string, IReadOnlyList<string>> right)
        => left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var values) && values.SequenceEqual(p.Value, StringComparer.Ordinal));
}

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

    public IReadOnlyDictionary<string, string> Cookies
        => _details?.Headers.Contains("cookie") == true ? CookieString.Parse(_details.Headers) : _request.Cookies;

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

/// <summary>
/// Checks where a spec sends a request. Parts of it may come from a body or a query, so nothing that climbs out of the path that the spec
/// wrote, or breaks out of the request line, gets through.
/// </summary>
internal static class TargetUri
{
    /// <summary>Splits a URI into its path, with a slash in front, and its query; the query is null where there is no question mark.</summary>
    /// <exception cref="TransformException">It is no path, or climbs.</exception>
    public static (string Path, string? Query) Parse(string uri)
    {
        var mark = uri.IndexOf('?');
        var path = mark < 0 ? uri : uri[..mark];
        if (path.Contains("://", StringComparison.Ordinal))
            throw new TransformException("'uri' of target_details is a path; another server goes into 'base_url'");
        if (path.Split('/').Any(IsDots)) throw new TransformException("'uri' of target_details has a segment of dots");
        if (!CanonicalPath.TryCreate("/" + path.TrimStart('/'), out var canonical, out var oddities, out var reason))
            throw new TransformException($"'uri' of target_details: {reason}");
        if (oddities != PathOddities.None) throw new TransformException($"'uri' of target_details has what servers read differently: {oddities}");
        return (canonical, mark < 0 ? null : Escaped(uri.AsSpan(mark + 1)));
    }

    /// <summary>Checks a base URL.</summary>
    /// <exception cref="TransformException">It is none that a request can go to.</exception>
    public static string ParseBase(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new TransformException("'base_url' of target_details is not a URL of http or https");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || text.Contains('?'))
            throw new TransformException("'base_url' of target_details contains more than scheme, host, port and path");
        return url.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>A query of names and values.</summary>
    public static string QueryOf(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, values) in parameters)
        {
            foreach (var value in values)
            {
                if (query.Length > 0) query.Append('&');
                query.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    /// <summary><c>..;x</c> is two dots to some servers.</summary>
    private static bool IsDots(string segment)
    {
        var text = Uri.UnescapeDataString(segment);
        return text.Split(';')[0] is "." or "..";
    }

    private static string Escaped(ReadOnlySpan<char> query)
    {
        var escaped = new StringBuilder(query.Length);
        foreach (var rune in query.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < '\x7f' and not '#') escaped.Append((char)rune.Value);
            else escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }
}
