namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// The origin closed a connection that had been idle before it answered anything on it. That happens to good origins (RFC 9112 §9.5) and says nothing of their
/// health. Whether the request may be sent again is judged as for every other request that broke off.
/// </summary>
internal sealed class StaleConnectionException(Exception cause) : IOException("the connection was closed before an answer", cause);
