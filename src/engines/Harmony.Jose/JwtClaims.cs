using System.Text.Json;

namespace Harmony.Jose;

/// <summary>The claims of a JWT (RFC 7519 §4), with checked types and not yet validated.</summary>
internal sealed class JwtClaims
{
    private JwtClaims(JsonElement all) => All = all;

    /// <summary>All claims.</summary>
    public JsonElement All { get; }

    /// <summary><c>iss</c>, or null.</summary>
    public string? Issuer { get; private init; }

    /// <summary><c>sub</c>, or null.</summary>
    public string? Subject { get; private init; }

    /// <summary><c>aud</c>; empty if the claim is absent.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary><c>exp</c>, or null.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary><c>nbf</c>, or null.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary><c>iat</c>, or null.</summary>
    public DateTimeOffset? IssuedAt { get; private init; }

    /// <summary>Whether a claim is present and not null.</summary>
    public bool Has(string name) => All.TryGetProperty(name, out var claim) && claim.ValueKind != JsonValueKind.Null;

    /// <summary>Reads claims.</summary>
    /// <param name="utf8">The JSON of the claims.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="reason">Why the claims are refused; quotes no value.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JwtClaims claims, out string reason)
    {
        claims = new JwtClaims(default);
        reason = "the claims are no JSON object, or one is there twice";
        return StrictJson.TryParse(utf8, out var root) && TryRead(root, out claims, out reason);
    }

    /// <summary>Reads claims from parsed JSON: the response of an introspection endpoint (RFC 7662) has the same claims.</summary>
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

/// <summary>The rules by which claims are validated. Immutable.</summary>
internal sealed record JwtRules
{
    /// <summary>Accepted issuers; empty for any.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>The audience that <c>aud</c> must contain; null for any.</summary>
    public string? Audience { get; init; }

    /// <summary>Names of required claims.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>The allowed difference of clocks.</summary>
    public TimeSpan Leeway { get; init; }

    /// <summary>Whether a token that has expired is refused.</summary>
    public bool ValidatesExpiry { get; init; } = true;

    /// <summary>Whether a token without <c>exp</c> is refused.</summary>
    public bool RequiresExpiry { get; init; } = true;

    /// <summary>Why the claims are not valid now; null if they are valid. Quotes nothing of the token.</summary>
    public string? ReasonAgainst(JwtClaims claims, DateTimeOffset now)
    {
        if (RequiresExpiry && ValidatesExpiry && claims.Expires is null) return "the token does not say when it expires";
        if (ValidatesExpiry && claims.Expires + Leeway <= now) return "the token has expired";
        if (claims.NotBefore - Leeway > now) return "the token is not valid yet";
        if (claims.IssuedAt - Leeway > now) return "the token was issued in the future";
        if (Issuers.Count > 0 && (claims.Issuer is null || !Issuers.Contains(claims.Issuer))) return "the issuer is not one that is trusted";
        if (Audience is not null && !claims.Audiences.Contains(Audience)) return "the token is for another audience";
        foreach (var name in RequiredClaims)
        {
            if (!claims.Has(name)) return $"the claim '{name}' is missing";
        }

        return null;
    }

    /// <summary>
    /// Why the header is not that of an access token; null if it is. Tokens of other kinds (logout, security events,
    /// proofs of possession) carry the same signatures (RFC 8725 §3.11).
    /// </summary>
    public static string? ReasonAgainst(JoseHeader header)
    {
        if (header.ContentType is { } content && Bare(content).Equals("JWT", StringComparison.OrdinalIgnoreCase)) return "the token is nested";
        if (header.Type is null) return null;
        var type = Bare(header.Type);
        return type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
            ? null
            : "the token is of another type than JWT or at+jwt";
    }

    private static ReadOnlySpan<char> Bare(string type)
        => type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) ? type.AsSpan("application/".Length) : type;
}
