using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Http.Quic;
using Harmony.Http.Services.Http;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// A FHIR server behind the gateway: an <c>http</c> backend whose links lead back through the gateway, so that a client that follows the next page, a
/// reference or a location stays under its guards.
/// </summary>
internal sealed class FhirBackend : IBackend, IAsyncDisposable
{
    private readonly HttpBackend _http;
    private readonly FhirBackendOptions _options;
    private readonly PublicBases _bases;

    private FhirBackend(HttpBackend http, FhirBackendOptions options)
    {
        (_http, _options) = (http, options);
        var targets = http.Facts.Targets.Select(t => t.Url.TrimEnd('/') + (options.PathPrefix.Trim('/') is { Length: > 0 } prefix ? "/" + prefix : ""));
        string[] servers = [.. targets.Concat(options.ServerBases).Select(b => b.TrimEnd('/')).SelectMany(Spellings).Distinct(StringComparer.Ordinal)];
        _bases = new PublicBases(servers, options.PublicBase);
    }

    public IReadOnlyList<string> Targets => _http.Targets;

    public bool AsksDeparture => true;

    public IReadOnlyList<ITarget> LiveTargets => _http.LiveTargets;

    public BackendFacts Facts => _http.Facts;

    public static FhirBackend? Create(FhirBackendOptions options, BackendContext context)
    {
        foreach (var url in options.ServerBases.Where(u => !IsBase(u)))
            context.Problems.Error(options.LocationOf("server_bases"), $"'server_bases' of backend '{context.Name}': '{ShownOptions.Text(url)}' is no http or https URL");
        if (options.PublicBase is { } given && !IsBase(given))
            context.Problems.Error(options.LocationOf("public_base"), $"'public_base' of backend '{context.Name}' is no http or https URL");
        return HttpBackend.Create(options, context, QuicSupport.OfThisMachine) is { } http ? new FhirBackend(http, options) : null;
    }

    public void Activate() => _http.Activate();

    public void Deactivate() => _http.Deactivate();

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Headers["accept"] is null) request.Headers.Set("accept", FhirMediaTypes.Json);
        if (request.Headers["content-type"] is null && request.Method is "POST" or "PUT" && !request.Body.IsEmpty) request.Headers.Set("content-type", FhirMediaTypes.Json);
        if (!_options.RewriteUrls) return await _http.SendAsync(request, ct);

        var (toServer, toClient) = _bases.Of(request);
        RewriteRequest(request, toServer);
        // A compressed answer could not be looked into.
        request.Headers.Remove("accept-encoding");
        var response = await _http.SendAsync(request, ct);
        RewriteResponse(response, toClient);
        return response;
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private static void RewriteRequest(RequestEnvelope request, BaseMap bases)
    {
        if (bases.IsEmpty || request.Headers["content-type"] is not { } type || request.Body.IsEmpty || request.Headers["content-encoding"] is not null) return;
        if (Stream(type, request.Body, bases) is not { } stream) return;
        request.Body.Replace(stream, null);
        request.Headers.Remove("content-length");
    }

    private static void RewriteResponse(ResponseEnvelope response, BaseMap bases)
    {
        if (bases.IsEmpty) return;
        foreach (var name in new[] { "location", "content-location" })
        {
            if (response.Headers[name] is { } url) response.Headers.Set(name, Location(url, bases));
        }

        var hasNoBody = response.Request.Method == "HEAD" || response.Status is 204 or 304;
        if (hasNoBody || response.SwitchedStream is not null || response.Headers["content-encoding"] is not null || response.Headers["content-type"] is not { } type) return;
        if (Stream(type, response.Body, bases) is not { } stream) return;
        response.Body.Replace(stream, null);
        response.Headers.Remove("content-length");
        response.Headers.Remove("content-md5");
        response.Headers.Remove("digest");
    }

    private static Stream? Stream(string contentType, Body body, BaseMap bases)
    {
        var type = contentType.Split(';')[0].Trim();
        if (FhirMediaTypes.IsJson(type) || type.Equals("application/json-patch+json", StringComparison.OrdinalIgnoreCase)) return new JsonUrlStream(body.OpenStream(), bases, body.Length);
        return FhirMediaTypes.IsXml(type) ? new XmlUrlStream(body.OpenStream(), bases) : null;
    }

    // A location without scheme and host is relative to the server's root (RFC 9110 §10.2.2).
    private static string Location(string url, BaseMap bases)
    {
        if (!url.StartsWith('/') || url.StartsWith("//", StringComparison.Ordinal)) return bases.Map(url);
        foreach (var from in bases.From)
        {
            var path = new Uri(from).AbsolutePath.TrimEnd('/');
            if (url == path || url.StartsWith(path + "/", StringComparison.Ordinal)) return bases.To + url[path.Length..];
        }

        return url;
    }

    // "https://host:443/fhir" and "https://host/fhir" are one server; which of them a server writes is its own affair.
    private static IEnumerable<string> Spellings(string text)
    {
        var url = new Uri(text);
        var port = url.Scheme == "https" ? 443 : 80;
        yield return text;
        yield return $"{url.Scheme}://{url.Host}{(url.Port == port ? "" : $":{url.Port}")}{url.AbsolutePath.TrimEnd('/')}";
        yield return $"{url.Scheme}://{url.Host}:{url.Port}{url.AbsolutePath.TrimEnd('/')}";
    }

    private static bool IsBase(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0;
}
