using Harmony.Core.Envelope;

namespace Harmony.Core.Pipeline;

/// <summary>
/// Lets a middleware ask the backend that the request will go to. A question passes no other middleware. A pipeline without backends, or one that sends to
/// all of them, offers none.
/// </summary>
public sealed class BackendQuestions
{
    private readonly Func<RequestEnvelope, RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> _ask;

    internal BackendQuestions(Func<RequestEnvelope, RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> ask) => _ask = ask;

    /// <summary>Sends a question to the backend that <paramref name="asking"/> would go to as it is now.</summary>
    /// <param name="asking">The request in the pipeline.</param>
    /// <param name="question">The question; the caller disposes it, after the response.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="Faults.GatewayException">The backend could not be reached, did not respond in time, or broke off.</exception>
    public ValueTask<ResponseEnvelope> AskAsync(RequestEnvelope asking, RequestEnvelope question, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(asking);
        ArgumentNullException.ThrowIfNull(question);
        return _ask(asking, question, ct);
    }
}
