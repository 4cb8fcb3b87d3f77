namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The kinds of <see cref="Verdict"/>.</summary>
internal enum VerdictKind
{
    /// <summary>Nothing either way.</summary>
    Neutral,

    /// <summary>A vote for the request.</summary>
    Allow,

    /// <summary>A veto (403).</summary>
    Deny,

    /// <summary>A veto because of too many (429).</summary>
    Exceeded,
}
