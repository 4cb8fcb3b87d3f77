namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>What a rate limit counts by.</summary>
internal enum ClientKeyKind
{
    /// <summary>The client's address.</summary>
    Address,

    /// <summary>A field of the request.</summary>
    Header,

    /// <summary>A claim of the authenticated identity.</summary>
    Claim,

    /// <summary>The whole canonical path.</summary>
    Path,

    /// <summary>Everybody together.</summary>
    All,
}
