using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// Sends in HTTP/1.1 over connections without TLS: the common case behind a gateway, and the one where what lies between costs most. It
/// reads an answer while the request is still being sent, so that an origin may answer early and close.
/// </summary>
/// <param name="pool">The connections; disposed with this.</param>
internal sealed class Http1Sender(Http1Pool pool) : ITargetSender, IDisposable
{
    public ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestContent? content, HttpTarget target, ActivityTimeout deadline)
        => pool.TryRent() is { } used
            ? new Http1Exchange(pool, used, head, content, deadline) { IsOnUsedConnection = true }.RunAsync()
            : ConnectAndSendAsync(head, content, deadline);

    public void Dispose() => pool.Dispose();

    private async ValueTask<TargetAnswer> ConnectAndSendAsync(OutgoingHead head, RequestContent? content, ActivityTimeout deadline)
    {
        var connection = await pool.ConnectAsync(deadline.Token);
        return await new Http1Exchange(pool, connection, head, content, deadline).RunAsync();
    }
}
