using System.Text.Json;

namespace Harmony.Jose;

/// <summary>The claims of a token (RFC 7519 §4), of the right types and not yet judged.</summary>
internal sealed class JwtClaims
{
    private JwtClaims(JsonElement all) => All = all;

    /// <summary>Every claim.</summary>
    public JsonElement All { get; }

    /// <summary><c>iss</c>, or null.</summary>
    public string? Issuer { get; private init; }

    /// <summary><c>sub</c>, or null.</summary>
    public string? Subject { get; private init; }

    /// <summary><c>aud</c>; empty when it is not there.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary><c>exp</c>, or null.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary><c>nbf</c>, or null.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary><c>iat</c>, or null.</summary>
    public DateTimeOffset? IssuedAt { get; private init; }

    /// <summary>Whether a claim is there and not null.</summary>
    public bool Has(string name) => All.TryGetProperty(name, out var claim) && claim.ValueKind != JsonValueKind.Null;

    /// <summary>Reads claims.</summary>
    /// <param name="utf8">Their JSON.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="reason">Why they are refused; holds nothing of them.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JwtClaims claims, out string reason)
    {
        claims = new JwtClaims(default);
        reason = "the claims are no JSON object, or one is there twice";
        return StrictJson.TryParse(utf8, out var root) && TryRead(root, out claims, out reason);
    }

    /// <summary>Reads claims from an object that is parsed already: the answer of an introspection endpoint has the same ones.</summary>
    public static bool TryRead(JsonElement root, out JwtClaims claims, out string reason)
    {
        claims = new JwtClaims(root);
        reason = "a registered claim has the wrong type";
        if (!StrictJson.TryText(root, "iss", out var issuer) || !StrictJson.TryText(root, "sub", out var subject)) return false;
        if (!TryAudiences(root, out var audiences)) return false;
        if (!TryTime(root, "exp", out var expires) || !TryTime(root, "nbf", out var notBefore) || !TryTime(root, "iat", out var issuedAt)) return false;
        claims = new JwtClaims(root)
        {
            Issuer = issuer, Subject = subject, Audiences = audiences, Expires = expires, NotBefore = notBefore, IssuedAt = issuedAt,
        };
        return true;
    }

    /// <summary>One string or an array of strings (RFC 7519 §4.1.3).</summary>
    private static bool TryAudiences(JsonElement root, out IReadOnlyList<string> audiences)
    {
        audiences = [];
        if (!root.TryGetProperty("aud", out var claim)) return true;
        if (StrictJson.TryText(claim, out var one))
        {
            audiences = [one!];
            return true;
        }

        if (claim.ValueKind != JsonValueKind.Array) return false;
        var several = new List<string>();
        foreach (var item in claim.EnumerateArray())
        {
            if (!StrictJson.TryText(item, out var text)) return false;
            several.Add(text!);
        }

        audiences = several;
        return true;
    }

    /// <summary>Seconds since 1970, fractions allowed (RFC 7519 §2).</summary>
    private static bool TryTime(JsonElement root, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!root.TryGetProperty(name, out var claim)) return true;
        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var seconds)) return false;
        if (seconds is not (>= 0 and < 253_370_764_800)) return false; // until the year 9998, so that a leeway can be added
        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }
}
