using System.Security.Cryptography;
using Harmony.Core.Envelope;
using Microsoft.AspNetCore.Http.Features;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// A client's wish to switch protocols: <c>Upgrade</c> in HTTP/1.1 (RFC 9110 §7.8) or extended CONNECT in HTTP/2 (RFC 8441), which is
/// shown to the pipeline as the HTTP/1.1 handshake it stands for.
/// </summary>
internal sealed class HttpSwitch : IProtocolSwitch
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;

    private HttpSwitch(string protocol, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    {
        Protocol = protocol;
        _upgrade = upgrade;
        _connect = connect;
    }

    public string Protocol { get; }

    public bool IsExtendedConnect => _connect is not null;

    public static HttpSwitch? Asked(HttpExchange exchange, HeaderFields headers)
    {
        if (headers["upgrade"] is { } protocol)
        {
            return exchange.Upgrade is { IsUpgradableRequest: true } upgrade && !HasBody(exchange) && !LeadsAround(headers.Combined("upgrade")!)
                ? new HttpSwitch(protocol, upgrade, null)
                : null;
        }

        if (exchange.Request.Method != "CONNECT" || exchange.ExtendedConnect is not { IsExtendedConnect: true } connect) return null;
        headers.Set("connection", "Upgrade");
        headers.Set("upgrade", connect.Protocol!);
        if (connect.Protocol == "websocket") headers.Set("sec-websocket-key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        return new HttpSwitch(connect.Protocol!, null, connect);
    }

    /// <summary>A body would have to be sent before the switch, and clients do not do that: such a request is served without the switch.</summary>
    private static bool HasBody(HttpExchange exchange)
        => exchange.Request.Headers.ContentLength > 0 || exchange.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>
    /// Whether a list of protocols offers another HTTP: requests within it would pass by routes, filters and policies ("h2c smuggling").
    /// A server may ignore an upgrade (RFC 9110 §7.8), so the request is served without; an extended CONNECT is refused.
    /// </summary>
    public static bool LeadsAround(string protocols)
    {
        foreach (var range in protocols.AsSpan().Split(','))
        {
            var protocol = protocols.AsSpan(range).Trim();
            if (protocol.StartsWith("h2", StringComparison.OrdinalIgnoreCase)
                || protocol.StartsWith("h3", StringComparison.OrdinalIgnoreCase)
                || protocol.StartsWith("http", StringComparison.OrdinalIgnoreCase)
                || protocol.StartsWith("tls", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Sends the answer that agrees to the switch and gives the connection.</summary>
    public async ValueTask<Stream> AcceptAsync(HttpExchange exchange)
    {
        if (_upgrade is not null) return await _upgrade.UpgradeAsync();
        exchange.Response.StatusCode = 200;
        exchange.Response.Headers.Remove("sec-websocket-accept");
        return await _connect!.AcceptAsync();
    }
}
