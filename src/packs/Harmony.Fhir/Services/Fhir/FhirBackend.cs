using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
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
        {
            var shown = ShownOptions.Text(url);
            context.Problems.Error(options.LocationOf("server_bases"), $"'server_bases' of backend '{context.Name}': '{shown}' is no http or https URL");
        }

        if (options.PublicBase is { } given && !IsBase(given))
            context.Problems.Error(options.LocationOf("public_base"), $"'public_base' of backend '{context.Name}' is no http or https URL");
        return HttpBackend.Create(options, context, QuicSupport.OfThisMachine) is { } http ? new FhirBackend(http, options) : null;
    }

    public IReadOnlyList<string> Forecast(RequestEnvelope request) => _http.Forecast(request);

    public void Activate() => _http.Activate();

    public void Deactivate() => _http.Deactivate();

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Headers["accept"] is null) request.Headers.Set("accept", FhirMediaTypes.Json);
        if (request.Headers["content-type"] is null && request.Method is "POST" or "PUT" && !request.Body.IsEmpty)
            request.Headers.Set("content-type", FhirMediaTypes.Json);
        if (!_options.RewriteUrls) return await _http.SendAsync(request, ct);

        var (toServer, toClient) = _bases.Of(request);
        await RewriteRequestAsync(request, toServer, ct);
        // The URLs of a compressed response could not be rewritten.
        request.Headers.Remove("accept-encoding");
        var response = await _http.SendAsync(request, ct);
        try
        {
            await RewriteResponseAsync(response, toClient, ct);
        }
        catch
        {
            await response.DisposeAsync();
            throw;
        }

        return response;
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private static ValueTask RewriteRequestAsync(RequestEnvelope request, BaseMap bases, CancellationToken ct)
    {
        var headers = request.Headers;
        if (bases.IsEmpty || request.Body.IsEmpty || headers["content-type"] is not { } type || headers["content-encoding"] is not null) return default;
        return UrlStream.Of(type, request.Body, bases, FaultSource.Client) is { } stream ? ReplaceAsync(request.Body, stream, headers, ct) : default;
    }

    private static ValueTask RewriteResponseAsync(ResponseEnvelope response, BaseMap bases, CancellationToken ct)
    {
        var headers = response.Headers;
        if (bases.IsEmpty) return default;
        if (headers["location"] is { } location) headers.Set("location", Location(location, bases));
        if (headers["content-location"] is { } place) headers.Set("content-location", Location(place, bases));
        if (headers["content-type"] is not { } type || headers["content-encoding"] is not null || response.SwitchedStream is not null) return default;
        if (response.Body.IsEmpty) return default;
        if (response.Request.Method == "HEAD" || response.Status is 204 or 304)
        {
            // The response to a GET would be as long as its rewritten URLs make it.
            if (FhirMediaTypes.FormatOf(type) is FhirFormat.Json or FhirFormat.Xml) headers.Remove("content-length");
            return default;
        }

        return UrlStream.Of(type, response.Body, bases, FaultSource.Backend) is { } stream ? ReplaceAsync(response.Body, stream, headers, ct) : default;
    }

    /// <summary>Waits for the first bytes, so that a body that is refused or breaks off before them is answered as an error.</summary>
    private static async ValueTask ReplaceAsync(Body body, UrlStream stream, HeaderFields headers, CancellationToken ct)
    {
        body.Replace(stream, await stream.BeginAsync(ct));
        headers.Remove("content-length");
        headers.Remove("content-md5");
        headers.Remove("digest");
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

    // "https://host:443/fhir" and "https://host/fhir" are one server, and a server may write either.
    private static IEnumerable<string> Spellings(string text)
    {
        var url = new Uri(text);
        var port = url.Scheme == "https" ? 443 : 80;
        yield return text;
        yield return $"{url.Scheme}://{url.Host}{(url.Port == port ? "" : $":{url.Port}")}{url.AbsolutePath.TrimEnd('/')}";
        yield return $"{url.Scheme}://{url.Host}:{url.Port}{url.AbsolutePath.TrimEnd('/')}";
    }

    private static bool IsBase(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0;
}
