namespace Harmony.Access.Authentication;

/// <summary>Kinds of <see cref="Verdict"/>.</summary>
internal enum VerdictKind
{
    /// <summary>No credentials of the kind: 401, or the next step if this one is optional.</summary>
    Missing,

    /// <summary>Good ones.</summary>
    Accepted,

    /// <summary>Wrong ones: 401, optional or not.</summary>
    Refused,

    /// <summary>Whoever could tell cannot be reached: 503.</summary>
    Unknown,

    /// <summary>Too many others wait to be checked: 503, to be tried again in a moment.</summary>
    Busy,
}
