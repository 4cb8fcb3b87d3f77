using Harmony.Core.Configuration;

namespace Harmony.Access.Authentication;

/// <summary>
/// Keys and answers that say who somebody is must come over TLS, or whoever is on the way decides it. Not on the loopback interface, and
/// not where <c>[proxy.egress]</c> lists <c>http</c> among its schemes.
/// </summary>
internal static class HttpsRule
{
    /// <summary>Why the URL may not be used, or null when it may.</summary>
    public static string? ReasonAgainst(Uri url, EgressPolicySection egress)
        => url.Scheme == Uri.UriSchemeHttps || url.IsLoopback || (egress.Gives("allowed_schemes") && egress.AllowedSchemes.Contains(url.Scheme))
            ? null
            : $"'{url.Host}' must be asked by https, or 'allowed_schemes' of [proxy.egress] must list http";
}
