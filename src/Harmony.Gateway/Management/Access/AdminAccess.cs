using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Http.Tls;

namespace Harmony.Gateway.Management.Access;

/// <summary>
/// Decides who may do what, by fields and certificate alone: nothing of a body has been read by then. On a loopback network everybody may
/// read unless the request shows signs of a proxy, changes need proof; on any other network everything does, save the two words for probes.
/// </summary>
/// <param name="isLoopback">Whether only this machine reaches the network.</param>
/// <param name="adminCertificates">Subjects of certificates that prove it.</param>
internal sealed class AdminAccess(bool isLoopback, IReadOnlyList<string> adminCertificates)
{
    /// <summary>The token; null where there is none, so that no token proves anything.</summary>
    public AdminToken? Token { get; set; }

    /// <summary>Decides about one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="need">What the operation asks for.</param>
    public AccessVerdict Decide(RequestEnvelope request, AccessNeed need)
    {
        // A page of somebody else's whose name leads to 127.0.0.1 (DNS rebinding) says that name here.
        if (isLoopback && !IsLocal(request.Headers["host"])) return AccessVerdict.Refused(403, "the host of the request is not this machine; ask for 127.0.0.1 or localhost");
        var isProxied = isLoopback && need == AccessNeed.Reading && ProxySigns.AreOn(request);
        if (need == AccessNeed.Nothing || (need == AccessNeed.Reading && isLoopback && !isProxied)) return AccessVerdict.Granted("anybody");
        if (request.Identity is { Method: ClientIdentity.Method, Subject: var subject } && adminCertificates.Contains(subject, StringComparer.Ordinal))
        {
            return AccessVerdict.Granted(subject);
        }

        return AuthorizationField.Find(request.Headers, "Bearer", out var shown) switch
        {
            AuthorizationFinding.Absent when isProxied => AccessVerdict.Refused(401, "the request has come through a proxy, so it needs the admin token: Authorization: Bearer TOKEN"),
            AuthorizationFinding.Absent => AccessVerdict.Refused(401, "this needs the admin token: Authorization: Bearer TOKEN"),
            AuthorizationFinding.Found when Token?.IsShownBy(shown.Span) == true => AccessVerdict.Granted("token"),
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
