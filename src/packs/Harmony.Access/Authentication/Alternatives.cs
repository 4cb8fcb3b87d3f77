using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Authentication;

/// <summary>
/// Optional steps and the next one that is not are alternatives: one of them has to accept a request. This is how far a request has come
/// with them. Only requests that meet optional steps have it.
/// </summary>
internal sealed class Alternatives
{
    private readonly List<HeaderField> _challenges = [];

    /// <summary>Whether one of them has accepted the request already.</summary>
    public bool IsSatisfied { get; set; }

    /// <summary>The challenges of those that found no credentials; a client is told all of them (RFC 9110 §11.6.1).</summary>
    public IReadOnlyList<HeaderField> Challenges => _challenges;

    /// <summary>Those of a request, made when it has none.</summary>
    public static Alternatives Of(RequestEnvelope request)
    {
        if (request.Feature<Alternatives>() is { } known) return known;
        var alternatives = new Alternatives();
        request.SetFeature(alternatives);
        return alternatives;
    }

    /// <summary>Notes that a step has found no credentials.</summary>
    public void Passed(HeaderField challenge) => _challenges.Add(challenge);

    /// <summary>The last of the alternatives is done with.</summary>
    public void End()
    {
        IsSatisfied = false;
        _challenges.Clear();
    }
}

/// <summary>
/// Keys and responses that prove identities must come over TLS, or an attacker on the way could forge them. Not on the loopback interface, and
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
