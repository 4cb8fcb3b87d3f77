using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>
/// A message to a target that goes out once. <see cref="SocketsHttpHandler"/> repeats by itself what a target has refused, up to three times; how often a
/// request is sent is for <c>max_retries</c> to say, so that a second time ends here and is told as a fault that may be repeated.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="url">The whole URL.</param>
/// <param name="isHttp2">Whether it goes out in HTTP/2 or later, where only what a target promises not to have acted on is repeated (RFC 9113 §8.7).</param>
internal sealed class TargetRequest(HttpMethod method, Uri url, bool isHttp2) : HttpRequestMessage(method, url)
{
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

    /// <summary>Its head is about to be written.</summary>
    /// <exception cref="RepetitionException">It has been before.</exception>
    public void GoesOut()
    {
        if (_timesSent++ > 0) throw new RepetitionException(isHttp2);
    }
}
