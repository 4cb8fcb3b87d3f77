using System.Buffers;
using System.Text.Json;
using Harmony.Core.Envelope;

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
        _next = new TargetDetails { BaseUrl = request.Target?.BaseUrl, Method = request.Target?.Method, Path = request.Target?.Path, Query = request.Target?.Query };
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
            if (!HeaderField.IsName(member.Name) || text.AsSpan().ContainsAny(NeverInCookies)) throw new TransformException("'cookies' of target_details has a cookie that cannot be sent");
            next[member.Name] = text;
            changed = true;
        }

        if (changed) _next.Headers.Set("cookie", string.Join("; ", next.Select(c => $"{c.Key}={c.Value}")));
    }

    private static bool AreSame(Dictionary<string, IReadOnlyList<string>> left, IReadOnlyDictionary<string, IReadOnlyList<string>> right)
        => left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var values) && values.SequenceEqual(p.Value, StringComparer.Ordinal));
}
