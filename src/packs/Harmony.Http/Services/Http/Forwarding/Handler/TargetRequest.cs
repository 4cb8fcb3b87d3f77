using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>
/// A message to a target that knows how often it goes out. <see cref="SocketsHttpHandler"/> repeats by itself, up to three times and
/// whatever the method, what a target dropped without an answer. That is right for a pooled connection that closed under us, and wrong
/// where the target may have acted on the request (RFC 9110 §9.2.2), so a repetition must be admitted here.
/// </summary>
internal sealed class TargetRequest(HttpMethod method, Uri url) : HttpRequestMessage(method, url)
{
    private volatile bool _openedConnection;
    private bool _wentOutOnNewConnection;
    private int _timesSent;

    /// <summary>Whether a field value holds octets that are not ASCII (RFC 9110 §5.5, obs-text).</summary>
    public bool HasObsText { get; private set; }

    /// <summary>Adds a field line. Fields about the body belong to the content, even when there is none.</summary>
    public void AddField(string name, string value)
    {
        HasObsText |= !Ascii.IsValid(value);
        if (Headers.TryAddWithoutValidation(name, value) || !HeaderField.IsName(name)) return;
        Content ??= new ByteArrayContent([]);
        Content.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>Notes that a connection was made for this request.</summary>
    public void OpenedConnection() => _openedConnection = true;

    /// <summary>Its head is about to be written.</summary>
    /// <exception cref="RepetitionException">It has been before, and may not be again.</exception>
    public void GoesOut()
    {
        if (_timesSent++ > 0 && (_wentOutOnNewConnection || !ForwardFaults.IsIdempotent(Method.Method))) throw new RepetitionException();
        _wentOutOnNewConnection = _openedConnection;
        _openedConnection = false;
    }
}
