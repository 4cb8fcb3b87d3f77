using Harmony.Core.Envelope;

namespace Harmony.Core.Pipeline;

/// <summary>What a middleware says of a request: go on, here is the answer, or no.</summary>
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
