namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>Sends by <see cref="SocketsHttpHandler"/>: HTTP/2 and HTTP/3, and everything where <c>client = "platform"</c>.</summary>
/// <param name="invoker">The handler and its connections.</param>
/// <param name="version">The version of HTTP to send in.</param>
/// <param name="policy">Whether another version will do.</param>
internal sealed class HandlerSender(HttpMessageInvoker invoker, Version version, HttpVersionPolicy policy) : ITargetSender
{
    /// <summary>Never: the handler has no way to send them.</summary>
    public bool TakesTrailers => false;

    public async ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
    {
        var isHttp2 = version.Major > 1 && policy != HttpVersionPolicy.RequestVersionOrLower;
        var message = new TargetRequest(HttpMethod.Parse(head.Method), head.ToUri(), isHttp2) { Content = upload is null ? null : new UploadContent(upload, deadline) };
        try
        {
            (message.Version, message.VersionPolicy) = (version, policy);
            foreach (ref readonly var field in head.Fields.AsSpan()) message.AddField(field.Name, field.Value);
            return HandlerAnswer.Of(await invoker.SendAsync(message, deadline.Token), message);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }
}
