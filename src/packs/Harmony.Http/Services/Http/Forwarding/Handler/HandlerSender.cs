using System.Net;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>Sends by <see cref="SocketsHttpHandler"/>: whatever is TLS, HTTP/2 or HTTP/3.</summary>
/// <param name="invoker">The handler and its connections.</param>
internal sealed class HandlerSender(HttpMessageInvoker invoker) : ITargetSender
{
    public async ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestContent? content, HttpTarget target, ActivityTimeout deadline)
    {
        var message = new TargetRequest(HttpMethod.Parse(head.Method), head.ToUri()) { Content = content };
        try
        {
            (message.Version, message.VersionPolicy) = head.Switches
                ? (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact)
                : (target.Version, target.VersionPolicy);
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
