using System.Net;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Harmony.Http.Adapters.Http;

/// <summary>Makes the envelope of an HTTP request.</summary>
internal static class EnvelopeReader
{
    public static RequestEnvelope Read(HttpExchange exchange, in RequestTarget target, in RouteMatch<RouteTarget> match, NetworkModel network)
    {
        var headers = Fields(exchange.Request.Headers, isStrict: exchange.Request.Protocol is "HTTP/2" or "HTTP/3");
        var peer = Plain(exchange.Connection.RemoteIpAddress);
        var client = ForwardedClient.Of(peer, exchange.Request.Scheme, headers["host"] ?? "", headers, network);
        var protocolSwitch = HttpSwitch.Asked(exchange, headers);
        var hasBody = exchange.CanHaveBody && protocolSwitch is null;
        return new RequestEnvelope
        {
            Protocol = exchange.Request.Protocol == "HTTP/3" ? "http3" : "http",
            Method = exchange.Method,
            Scheme = client.Scheme,
            Host = client.Host,
            Path = target.Path,
            PathBelowPrefix = match.Value.StripsPrefix ? target.Path[match.PrefixLength..] : target.Path,
            Query = target.Query,
            HasEmptyQuery = target.HasEmptyQuery,
            Headers = headers,
            Body = hasBody ? Body.FromStream(new RequestBodyStream(exchange), exchange.Request.Headers.ContentLength) : Body.Empty(),
            Trailers = hasBody && exchange.Request.Headers.ContentLength is null ? TrailersOf(exchange) : null,
            RemoteAddress = peer,
            ClientAddress = client.Address,
            ComesFromTrustedProxy = peer is not null && ForwardedClient.IsTrusted(peer, network.TrustedProxies),
            ForwardedBy = network.ForwardedBy,
            RequestId = exchange.RequestId,
            EndpointName = match.Value.EndpointName,
            IsTraced = exchange.Span is not null,
            Aborted = exchange.Aborted,
            Overdue = exchange.Deadline?.Overdue ?? default,
            ViaName = match.Value.Pipeline.ViaName,
            Connection = exchange.Client,
            ProtocolSwitch = protocolSwitch,
        };
    }

    /// <summary>The client of a request, before the request has a route. Forwarding headers count where the proxy is trusted.</summary>
    public static ForwardedClient ClientOf(HttpExchange exchange, NetworkModel network)
    {
        var (scheme, host) = (exchange.Request.Scheme, exchange.Request.Headers.Host.ToString());
        var peer = Plain(exchange.Connection.RemoteIpAddress);
        return network.TrustedProxies.Count == 0
            ? new ForwardedClient(peer, scheme, host)
            : ForwardedClient.Of(peer, scheme, host, Fields(exchange.Request.Headers, isStrict: false), network);
    }

    /// <summary>A method of its own, so that only requests that may have some pay for the closure.</summary>
    private static Func<HeaderFields?> TrailersOf(HttpExchange exchange)
        => () => exchange.RequestTrailers is { Available: true, Trailers: { Count: > 0 } trailers } ? Fields(trailers, isStrict: false) : null;

    /// <param name="source">The fields as Kestrel has them.</param>
    /// <param name="isStrict">Whether blanks at the ends of a value are malformed (RFC 9113 §8.2.1, RFC 9114 §4.2) and not removed.</param>
    private static HeaderFields Fields(IHeaderDictionary source, bool isStrict)
    {
        var fields = new HeaderFields(source.Count + 2);
        foreach (var (name, values) in source)
        {
            if (name.StartsWith(':')) continue;
            // Kestrel takes any, and over HTTP/2 even line breaks.
            if (!HeaderField.IsName(name)) throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "a field whose name is not a token");
            if (isStrict) ThrowIfPadded(values);
            if (values.Count == 1) fields.Add(name, values[0] ?? "");
            else foreach (var value in values) fields.Add(name, value ?? "");
        }

        return fields;
    }

    private static void ThrowIfPadded(StringValues values)
    {
        foreach (var value in values)
        {
            if (value is not { Length: > 0 } || (value[0] is not (' ' or '\t') && value[^1] is not (' ' or '\t'))) continue;
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "a field value that begins or ends with a blank");
        }
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
