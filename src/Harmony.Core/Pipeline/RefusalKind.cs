namespace Harmony.Core.Pipeline;

/// <summary>Why a middleware turns a request away. HTTP statuses in parentheses; other protocols have their own table.</summary>
public enum RefusalKind
{
    /// <summary>Nobody, or nobody we believe (401).</summary>
    Unauthenticated,

    /// <summary>Known, but not allowed (403).</summary>
    Forbidden,

    /// <summary>Nothing is shown under this path (404).</summary>
    NotFound,

    /// <summary>Not by this method (405).</summary>
    MethodNotAllowed,

    /// <summary>Not in this content type (415).</summary>
    UnsupportedMediaType,

    /// <summary>Well-formed, but against a schema or rule (422).</summary>
    Unprocessable,

    /// <summary>Too many of them (429).</summary>
    RateLimited,

    /// <summary>
    /// A step cannot do its work, now or yet, and going on without it would not be safe (503): something this program does not have, or
    /// a system that says who a sender is and cannot be reached.
    /// </summary>
    Unavailable,
}
