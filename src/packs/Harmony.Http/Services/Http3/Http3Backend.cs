using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Quic;
using Harmony.Http.Services.Http;

namespace Harmony.Http.Services.Http3;

/// <summary><c>[backends.NAME.options]</c> of an <c>http3</c> backend. More can be said to an <c>http</c> backend with <c>http_version = "3"</c>.</summary>
public sealed record Http3BackendOptions : ConfigNode
{
    /// <summary>Host name or IP address, instead of a target.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>With <c>host</c>: UDP port.</summary>
    [AllowedRange(1, 65535)]
    public int Port { get; init; } = 443;

    /// <summary>With <c>host</c>: path in front of the path of every request.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>PEM file with the CA certificates that verify the target's certificate, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>
    /// Time-out in seconds: a request fails after this time without progress; 0 for no limit. Takes precedence over <c>timeout_secs</c> of the backend and of
    /// its target.
    /// </summary>
    [AllowedRange(0, 86400)]
    public int? TimeoutSecs { get; init; }
}

/// <summary>An <c>http</c> backend that speaks HTTP/3 and nothing else (RFC 9114).</summary>
internal static class Http3Backend
{
    public static HttpBackend? Create(Http3BackendOptions options, BackendContext context, QuicSupport quic)
    {
        if (!TryUrl(options, context.Problems, out var url)) return null;
        var http = new HttpBackendOptions
        {
            Location = options.Location,
            KeyLocations = Locations(options),
            HttpVersion = "3",
            BaseUrl = url,
            CaCertPath = options.CaCertPath,
            TimeoutSecs = options.TimeoutSecs,
        };
        return HttpBackend.Create(http, context, quic);
    }

    private static bool TryUrl(Http3BackendOptions options, ConfigProblems problems, out string? url)
    {
        url = null;
        if (options.Host is not { } host)
        {
            foreach (var key in new[] { "port", "base_path" })
            {
                if (options.Gives(key)) problems.Warning(options.LocationOf(key), $"'{key}' has no effect without 'host'");
            }

            return true;
        }

        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        var kind = Uri.CheckHostName(bare);
        if (kind == UriHostNameType.Unknown)
        {
            problems.Error(options.LocationOf("host"), "'host' is not a host name or an IP address; the port goes into 'port', a path into 'base_path'");
            return false;
        }

        url = $"https://{(kind == UriHostNameType.IPv6 ? $"[{bare}]" : bare)}:{options.Port}/{options.BasePath.TrimStart('/')}";
        return true;
    }

    /// <summary>What is wrong with the URL is wrong with the host.</summary>
    private static Dictionary<string, SourceLocation> Locations(Http3BackendOptions options)
        => new(options.KeyLocations, StringComparer.Ordinal) { ["base_url"] = options.LocationOf("host") };
}
