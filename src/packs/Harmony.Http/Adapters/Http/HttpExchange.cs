using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmony.Http.Adapters.Http;

/// <summary>One request and the answer to it, as Kestrel's features show them.</summary>
internal sealed class HttpExchange(IFeatureCollection features)
{
    public IHttpRequestFeature Request { get; } = features.GetRequiredFeature<IHttpRequestFeature>();

    public IHttpResponseFeature Response { get; } = features.GetRequiredFeature<IHttpResponseFeature>();

    public IHttpResponseBodyFeature ResponseBody { get; } = features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public IHttpRequestLifetimeFeature Lifetime { get; } = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    public IHttpConnectionFeature Connection => features.GetRequiredFeature<IHttpConnectionFeature>();

    /// <summary>The TCP connection; null in HTTP/3.</summary>
    public ClientConnection? Client => features.Get<ClientConnection>();

    public IHttpUpgradeFeature? Upgrade => features.Get<IHttpUpgradeFeature>();

    public IHttpExtendedConnectFeature? ExtendedConnect => features.Get<IHttpExtendedConnectFeature>();

    public IHttpRequestTrailersFeature? RequestTrailers => features.Get<IHttpRequestTrailersFeature>();

    public IHttpResponseTrailersFeature? ResponseTrailers => features.Get<IHttpResponseTrailersFeature>();

    public IHttpMaxRequestBodySizeFeature? BodySizeLimit => features.Get<IHttpMaxRequestBodySizeFeature>();

    /// <summary>What the client has shown in the handshake, verified; null where it was not asked or had none.</summary>
    public X509Certificate2? ClientCertificate => features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    /// <summary>False when the request certainly has no body.</summary>
    public bool CanHaveBody => features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    /// <summary>The method to route by: an extended CONNECT (RFC 8441) is the GET of the HTTP/1.1 handshake it stands for.</summary>
    public string Method => Request.Method == "CONNECT" && ExtendedConnect is { IsExtendedConnect: true } ? "GET" : Request.Method;

    /// <summary>Identifies the request; set before anything can fail.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>The end of its time; null where it has as long as it takes.</summary>
    public RequestDeadline? Deadline { get; set; }

    /// <summary>Whether the client has ended its direction of the connection, or the whole connection: nothing more comes from it.</summary>
    public bool IsUnheard => Lifetime.RequestAborted.IsCancellationRequested || Client is { IsUnheard: true };

    /// <summary>Trips when the client has gone, or the time is over.</summary>
    public CancellationToken Aborted => Deadline?.Token ?? Lifetime.RequestAborted;

    /// <summary>Whether a tunnel is asked for, which may last.</summary>
    public bool AsksForTunnel => Upgrade is { IsUpgradableRequest: true } || ExtendedConnect is { IsExtendedConnect: true };

    /// <summary>Where it went, for logs and metrics.</summary>
    public RouteTarget? Route { get; set; }

    /// <summary>Its envelope; null for a request that is refused before it has one.</summary>
    public RequestEnvelope? Envelope { get; set; }

    /// <summary>The span of the request; null where it is not traced.</summary>
    public Activity? Span { get; set; }

    /// <summary>Whether it is counted among the requests in flight.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether it ended without an answer, or in the middle of one.</summary>
    public bool IsAborted { get; set; }

    /// <summary>Why the gateway refused it, failed or broke off, for operators; null where it did not.</summary>
    public string? Reason { get; set; }

    /// <summary>Most bytes of the request's body; null where there is no limit.</summary>
    public long? MaxBodySize { get; set; }

    /// <summary>Bytes of the request's body that were read.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes of the answer's body that were handed to Kestrel.</summary>
    public long BytesOut { get; set; }

    /// <summary>Whether bytes of the answer's body have been handed to Kestrel, which cannot take them back.</summary>
    public bool BodyHasBegun { get; set; }

    /// <summary>Whether only a method without an answer body was asked for.</summary>
    public bool IsHead => Request.Method == "HEAD";

    /// <summary>
    /// Lets tunnels and gRPC calls over HTTP/2 be silent as long as they like: the least rate of a body would end them after its grace. Other
    /// uploads are held to it, also those without a length, or a few bytes now and then would keep a stream open for ever.
    /// </summary>
    public void AllowPauses()
    {
        if (Request.Protocol is not ("HTTP/2" or "HTTP/3") || !(AsksForTunnel || IsGrpc)) return;
        features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
    }

    private bool IsGrpc => Request.Headers.ContentType.ToString().StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers with a status and nothing else.</summary>
    public void AnswerEmpty(int status)
    {
        Response.StatusCode = status;
        Response.Headers.ContentLength = 0;
        Response.Headers["x-request-id"] = RequestId;
    }
}

/// <summary>The end of the time that a request may take as a whole (<c>request_timeout_secs</c>).</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public RequestDeadline(TimeSpan timeout, TimeProvider clock, CancellationToken aborted)
    {
        _timeout = timeout;
        _timer = new CancellationTokenSource(timeout, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
    }

    /// <summary>Trips when the time is over or the client has gone.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Trips when the time is over.</summary>
    public CancellationToken Overdue => _timer.Token;

    /// <summary>What an exception is after the time is over: whatever failed then was cancelled by it.</summary>
    public Exception Explain(Exception e) => _timer.IsCancellationRequested
        ? new GatewayException(FaultSource.Gateway, FaultKind.Timeout, $"the request took longer than request_timeout_secs = {_timeout.TotalSeconds}", e)
        : e;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
