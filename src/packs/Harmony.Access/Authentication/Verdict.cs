using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Jose;

namespace Harmony.Access.Authentication;

/// <summary>What an authentication step has found out about a request's credentials.</summary>
internal readonly struct Verdict
{
    private Verdict(VerdictKind kind, Identity? identity, string reason)
    {
        Kind = kind;
        Identity = identity;
        Reason = reason;
    }

    /// <summary>The outcome.</summary>
    public VerdictKind Kind { get; }

    /// <summary>Who sends the request, if the outcome is <see cref="VerdictKind.Accepted"/>.</summary>
    public Identity? Identity { get; }

    /// <summary>Why not, for the log; holds nothing of the credentials.</summary>
    public string Reason { get; }

    /// <summary>There are no credentials of the kind.</summary>
    public static Verdict Missing => default;

    /// <summary>Too many wait to be checked.</summary>
    public static Verdict Busy => new(VerdictKind.Busy, null, "");

    /// <summary>The credentials are good.</summary>
    public static Verdict Accept(Identity identity) => new(VerdictKind.Accepted, identity, "");

    /// <summary>The credentials are not good.</summary>
    public static Verdict Refuse(string reason) => new(VerdictKind.Refused, null, reason);

    /// <summary>The credentials cannot be verified now.</summary>
    public static Verdict Unknown(string reason) => new(VerdictKind.Unknown, null, reason);
}

/// <summary>Kinds of <see cref="Verdict"/>.</summary>
internal enum VerdictKind
{
    /// <summary>No credentials of the kind: 401, or the next step if this one is optional.</summary>
    Missing,

    /// <summary>The credentials are good.</summary>
    Accepted,

    /// <summary>The credentials are wrong: 401, whether or not the step is optional.</summary>
    Refused,

    /// <summary>The system that verifies the credentials cannot be reached: 503.</summary>
    Unknown,

    /// <summary>Too many others wait to be checked: 503, to be tried again in a moment.</summary>
    Busy,
}

/// <summary>Makes an identity of claims.</summary>
internal static class ClaimIdentity
{
    /// <summary>Every claim under the method's name: <c>sub</c> → <c>jwt.sub</c>. Strings as they are, everything else as JSON.</summary>
    public static Identity Of(string method, string subject, JsonElement claims)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in claims.EnumerateObject())
        {
            var value = StrictJson.TryText(claim.Value, out var text) ? text! : claim.Value.GetRawText();
            named[$"{method}.{claim.Name}"] = value;
        }

        return new Identity(method, subject) { Claims = named };
    }
}
