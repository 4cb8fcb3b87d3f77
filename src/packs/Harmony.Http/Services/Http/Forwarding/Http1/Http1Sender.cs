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
        => pool.TryRent(head.Client, deadline.Token) is { } used
            ? RunAsync(used, isUsed: true, head, upload, deadline)
            : ConnectAndSendAsync(head, upload, deadline);

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

/// <summary>
/// Schemes that authenticate the connection rather than each request (RFC 4559 §6; NTLM): later requests on such a connection count as the same user's.
/// </summary>
internal static class ConnectionAuthentication
{
    /// <summary>Whether a value of <c>Authorization</c> or <c>WWW-Authenticate</c> names such a scheme.</summary>
    public static bool IsIn(string? value)
    {
        if (value is null) return false;
        foreach (var range in value.AsSpan().Split(','))
        {
            var challenge = value.AsSpan(range).Trim();
            var end = challenge.IndexOfAny(' ', '\t');
            var scheme = end < 0 ? challenge : challenge[..end];
            if (scheme.Equals("NTLM", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Negotiate", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

/// <summary>
/// The origin closed a connection that had been idle before it answered anything on it. That happens to good origins (RFC 9112 §9.5) and says nothing of their
/// health. Whether the request may be sent again is judged as for every other request that broke off.
/// </summary>
internal sealed class StaleConnectionException(Exception cause) : IOException("the connection was closed before a response", cause);
