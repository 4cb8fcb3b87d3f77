namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// Sends in HTTP/1.1, with or without TLS: the common case behind a gateway, and the one where what lies between costs most. It
/// reads a response while the request is still being sent, so that an origin may answer early and close.
/// </summary>
/// <param name="connector">Makes connections.</param>
/// <param name="pool">Keeps connections; disposed with this.</param>
internal sealed class Http1Sender(TargetConnector connector, Http1Pool pool) : ITargetSender, IDisposable
{
    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting => pool.Waiting;

    public bool TakesTrailers => true;

    public ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
        => pool.TryRent(head.Client) is { } used ? RunAsync(used, isUsed: true, head, upload, deadline) : ConnectAndSendAsync(head, upload, deadline);

    /// <summary>Puts a connection that was made elsewhere among the idle ones.</summary>
    public async ValueTask AddAsync(OriginConnection connection, CancellationToken ct)
    {
        await pool.ReserveAsync(mayExceed: true, ct);
        pool.Return(pool.Opened(connection), client: null);
    }

    public void Dispose() => pool.Dispose();

    private async ValueTask<TargetAnswer> ConnectAndSendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
    {
        if (await pool.ReserveAsync(head.IsHealthCheck, deadline.Token) is { } used) return await RunAsync(used, isUsed: true, head, upload, deadline);
        OriginConnection connection;
        try
        {
            connection = await connector.ConnectAsync(offersHttp2: false, deadline.Token);
        }
        catch
        {
            pool.NotOpened();
            throw;
        }

        return await RunAsync(pool.Opened(connection), isUsed: false, head, upload, deadline);
    }

    private ValueTask<TargetAnswer> RunAsync(Http1Connection connection, bool isUsed, OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
        => new Http1Exchange(pool, connection, connector.Authority, head, upload, deadline) { IsOnUsedConnection = isUsed }.RunAsync();
}
