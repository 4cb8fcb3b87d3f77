using Harmony.Core.Envelope;

namespace Harmony.Core.Pipeline;

/// <summary>The result of a middleware for a request: continue, respond or refuse.</summary>
public readonly struct MiddlewareResult
{
    private MiddlewareResult(ResponseEnvelope? response, Refusal? refusal)
    {
        Response = response;
        Refusal = refusal;
    }

    /// <summary>Go on with the next step.</summary>
    public static MiddlewareResult Continue => default;

    /// <summary>The answer, when the middleware has it already: the backend is skipped, the right chain still runs.</summary>
    public ResponseEnvelope? Response { get; }

    /// <summary>The refusal, when the request ends here.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Whether the next step shall run.</summary>
    public bool IsContinue => Response is null && Refusal is null;

    /// <summary>Answers without the backend; the right chain still runs.</summary>
    public static MiddlewareResult Respond(ResponseEnvelope response) => new(response, null);

    /// <summary>Turns the request away.</summary>
    public static MiddlewareResult Refuse(Refusal refusal) => new(null, refusal);
}

/// <summary>A request turned away by a middleware: the end of it, no backend and no right chain.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Reason">For the log only, never for the client; holds no secret.</param>
public sealed record Refusal(RefusalKind Kind, string Reason)
{
    /// <summary>404.</summary>
    public static readonly Refusal NotFound = new(RefusalKind.NotFound, "not found");

    /// <summary>The rule that said no, by its name in the configuration; null where the middleware has no rules.</summary>
    public string? Rule { get; init; }

    /// <summary>Fields for the answer: <c>WWW-Authenticate</c>, <c>Retry-After</c>.</summary>
    public IReadOnlyList<HeaderField> Fields { get; init; } = [];

    /// <summary>The body of the answer; null for none, as most refusals have it.</summary>
    public RefusalContent? Content { get; init; }
}

/// <summary>Why a middleware turns a request away. HTTP statuses in parentheses; other protocols have their own table.</summary>
public enum RefusalKind
{
    /// <summary>The client has shown no credentials, or none that are valid (401).</summary>
    Unauthenticated,

    /// <summary>Known, but not allowed (403).</summary>
    Forbidden,

    /// <summary>Nothing is shown under this path (404).</summary>
    NotFound,

    /// <summary>Not by this method (405).</summary>
    MethodNotAllowed,

    /// <summary>Not in this content type (415).</summary>
    UnsupportedMediaType,

    /// <summary>Not what it says it is, or not what is asked for by this path (400).</summary>
    Malformed,

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

/// <summary>The text for a refused client.</summary>
/// <param name="ContentType">Media type.</param>
/// <param name="Bytes">The content; holds no secret, and data of no other client.</param>
public sealed record RefusalContent(string ContentType, ReadOnlyMemory<byte> Bytes);
