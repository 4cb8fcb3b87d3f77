using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Http.Tls;

namespace Harmony.Gateway.Management.Access;

/// <summary>The proof that an operation of the management API needs.</summary>
internal enum AccessNeed
{
    /// <summary>None on any network: the response is one word that is no secret.</summary>
    Nothing,

    /// <summary>None on a loopback network, proof on any other.</summary>
    Reading,

    /// <summary>Proof on every network.</summary>
    Changing,

    /// <summary>Proof on every network, or the token of a user of the cloud, which the operation verifies itself.</summary>
    CloudUser,
}

/// <summary>Whether a request to the management API goes on.</summary>
/// <param name="Status">HTTP status of the refusal; 0 where it goes on.</param>
/// <param name="Reason">Why not; empty where it goes on.</param>
/// <param name="Operator">The operator: <c>token</c>, the subject of a certificate, or <c>anybody</c> if no token is needed.</param>
internal readonly record struct AccessVerdict(int Status, string Reason, string Operator)
{
    public bool IsGranted => Status == 0;

    public static AccessVerdict Granted(string @operator) => new(0, "", @operator);

    public static AccessVerdict Refused(int status, string reason) => new(status, reason, "");
}

/// <summary>
/// Decides whether a request may use an operation, by its headers and client certificate alone: no body has been read yet. On a loopback network reading
/// needs no proof unless the request shows signs of a proxy; changes need proof. On any other network everything needs proof but the two health checks.
/// </summary>
/// <param name="isLoopback">Whether only this machine reaches the network.</param>
/// <param name="adminCertificates">Subjects of client certificates that are proof.</param>
internal sealed class AdminAccess(bool isLoopback, IReadOnlyList<string> adminCertificates)
{
    /// <summary>The operator where a token is shown that is not the admin's and may be that of a user of the cloud.</summary>
    public const string ToBeVerified = "somebody with a token";

    /// <summary>The admin token; null where there is none: then no token is proof.</summary>
    public AdminToken? Token { get; set; }

    /// <summary>Decides about one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="need">What the operation asks for.</param>
    public AccessVerdict Decide(RequestEnvelope request, AccessNeed need)
    {
        // DNS rebinding: a hostile page whose host name resolves to 127.0.0.1 sends that name in Host.
        if (isLoopback && !IsLocal(request.Headers["host"]))
            return AccessVerdict.Refused(403, "the host in the request is not this machine; use 127.0.0.1 or localhost");
        var isProxied = isLoopback && need == AccessNeed.Reading && ProxySigns.AreOn(request);
        if (need == AccessNeed.Nothing || (need == AccessNeed.Reading && isLoopback && !isProxied)) return AccessVerdict.Granted("anybody");
        if (request.Identity is { Method: ClientIdentity.Method, Subject: var subject } && adminCertificates.Contains(subject, StringComparer.Ordinal))
        {
            return AccessVerdict.Granted(subject);
        }

        return AuthorizationField.Find(request.Headers, "Bearer", out var shown) switch
        {
            AuthorizationFinding.Absent when isProxied
                => AccessVerdict.Refused(401, "the request has come through a proxy, so it needs the admin token: Authorization: Bearer TOKEN"),
            AuthorizationFinding.Absent => AccessVerdict.Refused(401, "this needs the admin token: Authorization: Bearer TOKEN"),
            AuthorizationFinding.Found when Token?.IsShownBy(shown.Span) == true => AccessVerdict.Granted("token"),
            AuthorizationFinding.Found when need == AccessNeed.CloudUser => AccessVerdict.Granted(ToBeVerified),
            _ => AccessVerdict.Refused(401, "that is not the admin token"),
        };
    }

    private static bool IsLocal(string? host)
    {
        if (string.IsNullOrEmpty(host)) return false;
        var end = host[0] == '[' ? host.IndexOf(']') + 1 : host.IndexOf(':');
        var name = end > 0 ? host[..end] : host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (Addresses.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}

/// <summary>
/// Tells whether a request may have come through a proxy of this machine: then the peer is on this machine, but the client may not be. A proxy that adds no
/// header cannot be detected; that is why the API should not share its network.
/// </summary>
internal static class ProxySigns
{
    /// <summary>Parts of names of fields that proxies, load balancers and delivery networks write; underscores count as hyphens.</summary>
    private static readonly string[] Parts =
    [
        "forwarded", "real-ip", "client-ip", "clientip", "connecting-ip", "remote-ip", "remote-addr", "proxyuser", "proxy-", "x-envoy-", "x-amz-", "x-amzn-",
        "x-azure-",
        "x-arr-", "x-appengine-", "x-original-", "x-cluster-", "cf-", "cdn-", "fastly-", "fly-", "akamai-",
    ];

    /// <summary>Whether there is a sign of a proxy.</summary>
    public static bool AreOn(RequestEnvelope request)
    {
        if (request.ComesFromTrustedProxy || request.RemoteAddress is not { } peer || !IPAddress.IsLoopback(peer)) return true;
        foreach (ref readonly var field in request.Headers.AsSpan())
        {
            if (IsOfAProxy(field.Name)) return true;
        }

        return false;
    }

    private static bool IsOfAProxy(string name)
    {
        if (name.Equals("via", StringComparison.OrdinalIgnoreCase)) return true;
        var plain = name.Contains('_') ? name.Replace('_', '-') : name;
        foreach (var part in Parts)
        {
            if (plain.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
