using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>
/// Finds out where a target is: options over the backend's connection over the target. A URL, be it the target's <c>url</c>
/// or the <c>host</c> of a connection, may be completed by port, protocol and base path. What is wrong goes to the context's problems.
/// </summary>
internal sealed class TargetAddress(HttpBackendOptions options, BackendContext context)
{
    public Uri? Of(TargetSettings settings)
    {
        if (options.BaseUrl is { } own) return Checked(own, settings.Name, options.LocationOf("base_url"));
        if (settings.Url is { } url) return Complete(url, settings, settings.UrlLocation);
        if (settings.Connection?.Host is { } host) return Complete(host, settings, settings.Connection.LocationOf("host"));
        context.Problems.Error(
            context.Location, $"backend '{context.Name}' does not say where to send; give it 'target_ref', a 'connection' with a host, or options.base_url");
        return null;
    }

    private Uri? Complete(string text, TargetSettings settings, SourceLocation location)
    {
        var connection = settings.Connection;
        if (!CheckProtocol(connection)) return null;
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            if (FromHost(text, connection?.Protocol, location) is not { } made) return null;
            text = made;
        }

        if (Checked(text, settings.Name, location) is not { } url) return null;
        if (connection is null) return url;
        if (connection.BasePath?.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            context.Problems.Error(connection.LocationOf("base_path"), "'base_path' is a path only, without a query or fragment");
            return null;
        }

        return Completed(url, connection, settings.Url is not null);
    }

    private Uri Completed(Uri url, ConnectionSection connection, bool protocolIsOwn)
    {
        var builder = new UriBuilder(url);
        if (url.IsDefaultPort) builder.Port = -1;
        if (protocolIsOwn && connection.Protocol is { } protocol) builder.Scheme = SchemeOf(protocol);
        if (connection.Port is { } port) builder.Port = port;
        if (connection.BasePath?.Trim('/') is { Length: > 0 } path) builder.Path = $"{builder.Path.TrimEnd('/')}/{path}";
        return builder.Uri;
    }

    /// <summary>HTTP/3 is always TLS (RFC 9114 §3.1).</summary>
    private string SchemeOf(string? protocol) => protocol is "https" or "h3" or "http3" || options.HttpVersion == "3" ? "https" : "http";

    private bool CheckProtocol(ConnectionSection? connection)
    {
        switch (connection?.Protocol)
        {
            case "dicom" or "hl7v2":
                context.Problems.Error(
                    connection.LocationOf("protocol"), $"backend '{context.Name}' speaks HTTP; its target is of protocol '{connection.Protocol}'");
                return false;
            default:
                return true;
        }
    }

    private string? FromHost(string host, string? protocol, SourceLocation location)
    {
        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        switch (Uri.CheckHostName(bare))
        {
            case UriHostNameType.IPv6: return $"{SchemeOf(protocol)}://[{bare}]";
            case not UriHostNameType.Unknown when bare == host: return $"{SchemeOf(protocol)}://{host}";
        }

        var advice = host.Contains('@') ? "; credentials go into an [authentications.*] table"
            : host.Contains('/') ? "; a path goes into 'base_path'"
            : host.Contains(':') ? "; a port goes into 'port'" : "";
        context.Problems.Error(location, $"{Shown(host)} is not a host name, an IP address or a URL{advice}");
        return null;
    }

    private Uri? Checked(string text, string name, SourceLocation location)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            context.Problems.Error(location, $"{Shown(text)} is not a URL of http or https, such as http://127.0.0.1:8080/api");
            return null;
        }

        if (url.Scheme == Uri.UriSchemeHttp && options.HttpVersion == "3")
        {
            context.Problems.Error(location, $"{Shown(text)} is an address of http, and HTTP/3 is spoken over TLS only; write https");
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            context.Problems.Error(location, $"the URL of '{name}' contains a user name; put it into an [authentications.*] table");
            return null;
        }

        if (url.Query.Length == 0 && url.Fragment.Length == 0 && !text.Contains('?')) return url;
        context.Problems.Error(location, $"the URL of '{name}' may end in a path, but not in a query or fragment");
        return null;
    }

    /// <summary>What stands before an @ or behind a question mark may be a secret.</summary>
    private static string Shown(string text) => text.AsSpan().IndexOfAny('@', '?') >= 0 ? "what is given here" : $"'{text}'";
}
