using System.Net;
using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>Sends by <see cref="SocketsHttpHandler"/>: HTTP/2 and HTTP/3, and everything where <c>client = "platform"</c>.</summary>
/// <param name="shared">The handler and its connections.</param>
/// <param name="newHandler">Makes another handler like it, without connections.</param>
/// <param name="version">The version of HTTP to send in.</param>
/// <param name="policy">Whether another version will do.</param>
internal sealed class HandlerSender(HttpMessageInvoker shared, Func<HttpMessageInvoker> newHandler, Version version, HttpVersionPolicy policy) : ITargetSender
{
    /// <summary>Never: the handler has no way to send them.</summary>
    public bool TakesTrailers => false;

    public async ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
    {
        var isHttp2 = version.Major > 1 && policy != HttpVersionPolicy.RequestVersionOrLower;
        var own = head.NeedsOwnConnection && version.Major > 1 ? newHandler() : null;
        var message = new TargetRequest(HttpMethod.Parse(head.Method), head.ToUri(), isHttp2, own)
        {
            Content = upload is null ? null : new UploadContent(upload, deadline),
        };
        try
        {
            (message.Version, message.VersionPolicy) = (version, policy);
            foreach (ref readonly var field in head.Fields.AsSpan()) message.AddField(field.Name, field.Value);
            return HandlerAnswer.Of(await (own ?? shared).SendAsync(message, deadline.Token), message);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }
}

/// <summary>
/// A message to a target that goes out once. <see cref="SocketsHttpHandler"/> repeats by itself what a target has refused, up to three times; how often a
/// request is sent is for <c>max_retries</c> to say, so that a second time ends here and is told as a fault that may be repeated.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="url">The whole URL.</param>
/// <param name="isHttp2">Whether it goes out in HTTP/2 or later, where only what a target promises not to have acted on is repeated (RFC 9113 §8.7).</param>
/// <param name="ownHandler">What sends this message alone, and is disposed with it; null where connections are shared.</param>
internal sealed class TargetRequest(HttpMethod method, Uri url, bool isHttp2, HttpMessageInvoker? ownHandler) : HttpRequestMessage(method, url)
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

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) ownHandler?.Dispose();
    }
}

/// <summary>A body in the form in which <see cref="SocketsHttpHandler"/> takes it.</summary>
internal sealed class UploadContent(RequestUpload upload, ActivityTimeout deadline) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => upload.CopyToAsync(stream, deadline, deadline.Token);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => upload.CopyToAsync(stream, deadline, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = upload.Length ?? -1;
        return length >= 0;
    }
}

/// <summary>
/// Tells each <see cref="TargetRequest"/> when it goes out. <see cref="SocketsHttpHandler"/> says nothing of its repetitions, but it asks for the encoding of
/// each field whenever it writes a head, and every request has one field that stands in it once.
/// </summary>
internal static class RepetitionGuard
{
    private const string OnceInEachHead = "X-Request-ID";

    /// <summary>
    /// The encoding of a field. Field values are octets to a gateway; without an encoding, which is faster, only ASCII goes out.
    /// </summary>
    public static Encoding? OnField(string name, HttpRequestMessage request)
    {
        if (request is not TargetRequest sent) return Encoding.Latin1;
        if (name.Equals(OnceInEachHead, StringComparison.OrdinalIgnoreCase)) sent.GoesOut();
        return sent.HasObsText ? Encoding.Latin1 : null;
    }
}

/// <summary>Stops a request that went out once, got no answer and would go out again unasked.</summary>
internal sealed class RepetitionException(bool isUntouched) : Exception("the connection was closed before a response")
{
    /// <summary>Whether the target has promised not to have acted on the request, so that it may be sent again whatever its method.</summary>
    public bool IsUntouched { get; } = isUntouched;
}
