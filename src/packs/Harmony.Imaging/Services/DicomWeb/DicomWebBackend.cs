using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Http.Quic;
using Harmony.Http.Services.Http;
using Harmony.Imaging.Services.DicomWeb.Proxying;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>
/// A server that speaks DICOMweb. Requests are forwarded as an <c>http</c> backend forwards them; where responses name the server, clients are shown
/// where they reach the gateway.
/// </summary>
internal sealed class DicomWebBackend : IBackend, IAsyncDisposable
{
    private readonly HttpBackend _http;
    private readonly ServerAddresses _addresses;

    private DicomWebBackend(HttpBackend http, ServerAddresses addresses) => (_http, _addresses) = (http, addresses);

    public IReadOnlyList<string> Targets => _http.Targets;

    public bool AsksDeparture => true;

    public IReadOnlyList<ITarget> LiveTargets => _http.LiveTargets;

    public BackendFacts Facts => _http.Facts;

    public static DicomWebBackend? Create(DicomWebBackendOptions options, BackendContext context, QuicSupport quic)
    {
        if (!TryUrl(options, context.Problems, out var url)) return null;
        foreach (var other in options.ServerUrls.Where(u => !Uri.TryCreate(u, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")))
        {
            context.Problems.Error(
                options.LocationOf("server_urls"), $"'{ShownOptions.Text(other)}' is not a URL of http or https, such as https://pacs.example.org/dicom-web");
            return null;
        }

        var http = new HttpBackendOptions(options)
        {
            KeyLocations = options.Host is null
                ? options.KeyLocations
                : new Dictionary<string, SourceLocation>(options.KeyLocations, StringComparer.Ordinal) { ["base_url"] = options.LocationOf("host") },
            BaseUrl = url,
            TimeoutSecs = options.TimeoutSecs,
        };
        if (HttpBackend.Create(http, context, quic) is not { } backend) return null;
        return new DicomWebBackend(backend, new ServerAddresses([.. backend.HttpTargets.Select(t => t.BaseUrl.AbsoluteUri), .. options.ServerUrls]));
    }

    public IReadOnlyList<string> Forecast(RequestEnvelope request) => _http.Forecast(request);

    public void Activate() => _http.Activate();

    public void Deactivate() => _http.Deactivate();

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var web = DicomWebRequest.Of(request);
        // A rewritten body is read uncompressed; the endpoint compresses it again for clients that accept this.
        if (web is not null && request.Headers["accept-encoding"] is not null)
        {
            (request.Target ??= new TargetDetails()).Headers.Set("accept-encoding", "identity");
        }

        var response = request.Feature<ListedPaths>() is { } listed
            ? await new ListedRetrieval(_http.SendAsync).RunAsync(request, listed, ct)
            : await _http.SendAsync(request, ct);
        if (web is not null) _addresses.Rewrite(response, web.BaseUrl);
        return response;
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private static bool TryUrl(DicomWebBackendOptions options, ConfigProblems problems, out string? url)
    {
        url = options.BaseUrl;
        if (options.Host is not { } host)
        {
            foreach (var key in new[] { "port", "protocol", "base_path" })
            {
                if (options.Gives(key)) problems.Warning(options.LocationOf(key), $"'{key}' has no effect without 'host'");
            }

            return true;
        }

        if (url is not null)
        {
            problems.Error(options.LocationOf("host"), "'host' and 'base_url' both name the server; keep one");
            return false;
        }

        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        var kind = Uri.CheckHostName(bare);
        if (kind == UriHostNameType.Unknown)
        {
            problems.Error(options.LocationOf("host"), "'host' is not a host name or an IP address; the port goes into 'port', a path into 'base_path'");
            return false;
        }

        var named = kind == UriHostNameType.IPv6 ? $"[{bare}]" : bare;
        url = $"{options.Protocol}://{named}{(options.Port is { } port ? $":{port}" : "")}/{options.BasePath.TrimStart('/')}";
        return true;
    }
}
