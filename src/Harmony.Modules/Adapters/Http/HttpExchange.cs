using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmony.Modules.Adapters.Http;

/// <summary>One request and the answer to it, as Kestrel's features show them.</summary>
internal sealed class HttpExchange(IFeatureCollection features)
{
    public IHttpRequestFeature Request { get; } = features.GetRequiredFeature<IHttpRequestFeature>();

    public IHttpResponseFeature Response { get; } = features.GetRequiredFeature<IHttpResponseFeature>();

    public IHttpResponseBodyFeature ResponseBody { get; } = features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public IHttpRequestLifetimeFeature Lifetime { get; } = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    public IHttpConnectionFeature Connection => features.GetRequiredFeature<IHttpConnectionFeature>();

    public IHttpUpgradeFeature? Upgrade => features.Get<IHttpUpgradeFeature>();

    public IHttpExtendedConnectFeature? ExtendedConnect => features.Get<IHttpExtendedConnectFeature>();

    public IHttpResponseTrailersFeature? ResponseTrailers => features.Get<IHttpResponseTrailersFeature>();

    public IHttpMaxRequestBodySizeFeature? BodySizeLimit => features.Get<IHttpMaxRequestBodySizeFeature>();

    /// <summary>False when the request certainly has no body.</summary>
    public bool CanHaveBody => features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    /// <summary>The method to route by: an extended CONNECT (RFC 8441) is the GET of the HTTP/1.1 handshake it stands for.</summary>
    public string Method => Request.Method == "CONNECT" && ExtendedConnect is { IsExtendedConnect: true } ? "GET" : Request.Method;

    /// <summary>Identifies the request; set before anything can fail.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>Where it went, for the log.</summary>
    public RouteTarget? Route { get; set; }

    /// <summary>Whether bytes of the answer's body have been handed to Kestrel, which cannot take them back.</summary>
    public bool BodyHasBegun { get; set; }

    /// <summary>Whether only a method without an answer body was asked for.</summary>
    public bool IsHead => Request.Method == "HEAD";

    /// <summary>
    /// Lets a call that streams over HTTP/2, such as a gRPC one, be silent as long as it likes: Kestrel's least rate of 240 bytes per second
    /// would end it after five seconds.
    /// </summary>
    public void AllowPauses()
    {
        if (Request.Protocol != "HTTP/2" || Request.Headers.ContentLength is not null || !CanHaveBody) return;
        features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
    }

    /// <summary>Answers with a status and nothing else.</summary>
    public void AnswerEmpty(int status)
    {
        Response.StatusCode = status;
        Response.Headers.ContentLength = 0;
        Response.Headers["x-request-id"] = RequestId;
    }
}
