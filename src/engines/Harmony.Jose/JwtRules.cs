namespace Harmony.Jose;

/// <summary>What claims must be for a token to be believed. Immutable.</summary>
internal sealed record JwtRules
{
    /// <summary>Issuers believed; empty for any.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>One of the audiences must be this; null for any.</summary>
    public string? Audience { get; init; }

    /// <summary>Claims that must be there.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>By how much clocks may differ.</summary>
    public TimeSpan Leeway { get; init; }

    /// <summary>Whether a token that has expired is refused.</summary>
    public bool ValidatesExpiry { get; init; } = true;

    /// <summary>Whether a token that does not say when it expires is refused.</summary>
    public bool RequiresExpiry { get; init; } = true;

    /// <summary>Why the claims do not make a token good now, or null when they do. Holds nothing of the token.</summary>
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
    /// Why the header does not make a token one that grants access, or null when it does. Tokens of other kinds (logout, security events,
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
