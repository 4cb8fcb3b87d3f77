using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;
using Harmony.Http.Tls;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>Takes a request from Kestrel through the steps of its life. One for each listener, serving all its connections.</summary>
internal sealed class HttpRequestHandler(
    HttpBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, TimeProvider clock, AlternativeServices.AlternativeService alternative)
    : IHttpApplication<IFeatureCollection>
{
    private readonly ILogger _logger = loggers.CreateLogger("harmony.http");
    private readonly TimeSpan _requestTimeout = binding.Limits.RequestTimeout;
    private readonly bool _asksClients = binding.Tls is { ClientAuthentication: not ClientAuthentication.None };
    private readonly bool _hasAlternative = binding is { Tls: not null, IsHttp3: false };
    private readonly RouteMetrics _unrouted = new(binding.Network, "", "", []);

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var exchange = new HttpExchange(context);
        exchange.RequestId = RequestIds.From(exchange.Request.Headers["x-request-id"]);
        if (_hasAlternative && alternative.Field is { } field) exchange.Response.Headers.AltSvc = field;
        var started = clock.GetTimestamp();
        var snapshot = runtime.Enter();
        using var span = exchange.Span = RequestSpan.Begin(exchange, snapshot, binding.Network);
        // A scope makes every continuation dearer, so it begins only where lines may be logged: below, and with middleware.
        using var scope = _logger.IsEnabled(LogLevel.Debug) ? _logger.BeginScope(new RequestScope(exchange.RequestId)) : null;
        var breaksOff = false;
        try
        {
            try
            {
                await HandleAsync(exchange, snapshot);
            }
            catch (Exception e)
            {
                breaksOff = await IsBreakingOffAsync(exchange, exchange.Deadline?.Explain(e) ?? e);
            }
            finally
            {
                exchange.Deadline?.Dispose();
            }

            OnEnded(exchange, started);
        }
        finally
        {
            // The records of a request belong to it: when the last request has left, all its records are there.
            snapshot.Leave();
        }

        if (breaksOff) throw new BrokenOffResponseException();
    }

    /// <summary>Reports how the request went to log, metrics and access log.</summary>
    private void OnEnded(HttpExchange exchange, long started)
    {
        if (exchange.IsCounted) exchange.Route!.Metrics.Leave();
        if (exchange.Span is { } span) RequestSpan.End(span, exchange);
        var log = runtime.AccessLog.Current;
        var status = exchange.IsAborted ? RouteMetrics.Aborted : exchange.Response.StatusCode;
        var failures = status is RouteMetrics.Aborted or >= 400 ? runtime.Failures.Current : null;
        var isDebug = _logger.IsEnabled(LogLevel.Debug);
        if (!isDebug && log is null && failures is null && !RouteMetrics.IsOn) return;

        var elapsed = clock.GetElapsedTime(started);
        (exchange.Route?.Metrics ?? _unrouted).Ended(exchange.Envelope?.ChosenBackend ?? -1, status, elapsed, exchange.BytesIn, exchange.BytesOut);
        if (log is not null || failures is not null)
        {
            var record = AccessRecords.Of(exchange, binding.Network, clock.GetUtcNow() - elapsed, elapsed);
            log?.Write(record);
            failures?.Write(record);
        }

        if (isDebug)
            HttpLog.Answered(_logger, exchange.Request.Method, exchange.Route?.Pipeline.Name ?? "", exchange.Response.StatusCode, elapsed.TotalMilliseconds);
    }

    /// <summary>Steps 1 and 2; what is refused here never becomes an envelope.</summary>
    private ValueTask HandleAsync(HttpExchange exchange, GatewaySnapshot snapshot)
    {
        // :: Step 1: bytes to a target that all parts read the same way.
        if (!TryReadTarget(exchange, out var target)) return WriteErrorAsync(exchange);

        // :: Step 2: the network's route table picks endpoint and pipeline.
        if (!TryRoute(exchange, target, snapshot, out var network, out var match)) return WriteErrorAsync(exchange);
        exchange.AllowPauses();
        if (_requestTimeout > TimeSpan.Zero && !exchange.AsksForTunnel)
            exchange.Deadline = new RequestDeadline(_requestTimeout, clock, exchange.Lifetime.RequestAborted);
        exchange.IsCounted = match.Value.Metrics.Enter();
        exchange.Envelope = EnvelopeReader.Read(exchange, target, match, network);
        if (_asksClients && exchange.ClientCertificate is { } certificate) exchange.Envelope.Identify(ClientIdentity.Of(certificate));
        return RunAsync(exchange, exchange.Envelope, match.Value);
    }

    /// <summary>The body of a refusal; redirects and answers to OPTIONS have none.</summary>
    private static ValueTask WriteErrorAsync(HttpExchange exchange)
        => exchange.Response.StatusCode >= 400
            ? ResponseWriter.WriteContentAsync(exchange, OwnError.Of(exchange), exchange.Lifetime.RequestAborted) : ValueTask.CompletedTask;

    /// <summary>False where the request has been answered: it is malformed, or belongs to HTTPS.</summary>
    private bool TryReadTarget(HttpExchange exchange, out RequestTarget target)
    {
        if (Refusable.Reason(exchange) is { } smuggling)
        {
            Refuse(exchange, 400, smuggling);
            exchange.Response.Headers.Connection = "close";
            target = default;
            return false;
        }

        if (!RequestTarget.TryParse(exchange.Request.RawTarget, out target, out var reason))
        {
            Refuse(exchange, 400, reason);
            return false;
        }

        if (binding.ForceHttps) RedirectToHttps(exchange, target);
        // RFC 9110 §9.3.7: about the gateway as a whole
        else if (target.Form == RequestTargetForm.Asterisk && exchange.Request.Method == "OPTIONS") exchange.AnswerEmpty(200);
        else return true;
        return false;
    }

    /// <summary>False where the request has been answered: nothing is there for it, or what is there does not take it.</summary>
    private bool TryRoute(HttpExchange exchange, in RequestTarget target, GatewaySnapshot snapshot, [NotNullWhen(true)] out NetworkModel? network,
        out RouteMatch<RouteTarget> match)
    {
        network = snapshot.Network(binding.Network);
        if (network is null)
        {
            Refuse(exchange, 404, "the network is no longer configured");
            match = default;
            return false;
        }

        var entering = network.Entrances is { } entrances ? new Entering(entrances, EnvelopeReader.ClientOf(exchange, network)) : default;
        match = entering.Match(network, target.Path, exchange.Method);
        if (match.Outcome != RouteOutcome.Found)
        {
            if (match.Outcome == RouteOutcome.NotFound && entering.IsNear(target.Path))
                Refuse(exchange, 403, "the path belongs to an ingress for mesh members, but the URL does not");
            else RefuseUnrouted(exchange, match);
            return false;
        }

        if (!IsRouteOfAllReadings(entering, network, target.Path, exchange.Method, match.Value))
        {
            Refuse(exchange, 400, "the path belongs to another route for a server that cuts path parameters off");
            return false;
        }

        if ((target.Oddities & ~match.Value.Endpoint.AllowedOddities) is not PathOddities.None and var oddities)
        {
            Refuse(exchange, 400, $"the path holds {oddities}, which endpoint '{match.Value.EndpointName}' does not allow");
            return false;
        }

        exchange.Route = match.Value;
        return IsForwardable(exchange, match.Value) && LimitBody(exchange, match.Value);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunAsync(HttpExchange exchange, Core.Envelope.RequestEnvelope request, RouteTarget route)
    {
        using var scope = route.Pipeline.HasMiddleware ? _logger.BeginScope(new RequestScope(exchange.RequestId)) : null;

        using var ending = request;

        // Steps 3 to 7 are the pipeline's.
        var response = await route.Pipeline.RunAsync(request, route.Endpoint, request.Aborted);
        try
        {
            // :: Step 8: the envelope to bytes.
            await ResponseWriter.WriteAsync(exchange, response, request.Aborted);
        }
        catch
        {
            await response.DisposeAsync();
            throw;
        }

        var leaving = response.DisposeAsync();
        // The upload may go on after the answer is complete; the client may well wait for the end of the one before it ends the other.
        if (!leaving.IsCompleted) await exchange.ResponseBody.CompleteAsync();
        await leaving;
    }

    /// <summary>
    /// Whether no server behind the route can take the path for that of another one, which may be better guarded (<see cref="PathParameters"/>).
    /// </summary>
    private static bool IsRouteOfAllReadings(in Entering entering, NetworkModel network, string path, string method, RouteTarget route)
        => !PathParameters.AreIn(path) || ReferenceEquals(entering.Match(network, PathParameters.Remove(path), method).Value, route);

    /// <summary>False where the request has been answered: it goes round in a loop, or is for the gateway itself.</summary>
    private bool IsForwardable(HttpExchange exchange, RouteTarget route)
    {
        if (HopLimits.HasPassed(exchange.Request.Headers.Via, route.Pipeline.ViaName))
        {
            Refuse(exchange, 508, $"pipeline '{route.Pipeline.Name}' has had this request before: its backend leads back to it");
            HttpLog.Loop(_logger, exchange.Request.Method, route.Pipeline.Name, binding.Network);
            return false;
        }

        if (!HopLimits.EndsHere(exchange.Request)) return true;
        exchange.AnswerEmpty(exchange.Request.Method == "TRACE" ? 405 : 200);
        exchange.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        return false;
    }

    private bool LimitBody(HttpExchange exchange, RouteTarget route)
    {
        if (route.Endpoint.MaxBodySize is not { } limit) return true;
        if (exchange.Request.Headers.ContentLength > limit)
        {
            Refuse(exchange, 413, $"the body is larger than max_body_size = {limit} of endpoint '{route.EndpointName}'");
            return false;
        }

        exchange.MaxBodySize = limit;
        // Kestrel counts the framing of chunks, too. What it must still stop is framing without end.
        var isChunked = exchange.Request.Headers.TransferEncoding.Count > 0;
        if (exchange.BodySizeLimit is { IsReadOnly: false } feature) feature.MaxRequestBodySize = isChunked ? RequestBodyStream.MostInChunks(limit) : limit;
        return true;
    }

    private void RefuseUnrouted(HttpExchange exchange, in RouteMatch<RouteTarget> match)
    {
        if (match.Outcome == RouteOutcome.NotFound)
        {
            Refuse(exchange, 404, "no route");
            return;
        }

        exchange.Response.Headers.Allow = string.Join(", ", match.AllowedMethods);
        Refuse(exchange, 405, "no route for the method");
    }

    /// <summary>301 to the same URL with https, before anything is routed.</summary>
    private void RedirectToHttps(HttpExchange exchange, in RequestTarget target)
    {
        var host = HostString.FromUriComponent(exchange.Request.Headers.Host.ToString()).Host;
        if (host.Length == 0 || target.Path[0] != '/')
        {
            Refuse(exchange, 400, "a redirect to https needs a host and a path");
            return;
        }

        exchange.AnswerEmpty(301);
        exchange.Response.Headers.Location = target.Query.Length == 0 ? $"https://{host}{target.Path}" : $"https://{host}{target.Path}?{target.Query}";
    }

    private void Refuse(HttpExchange exchange, int status, string reason)
    {
        exchange.AnswerEmpty(status);
        exchange.Reason = reason;
        RefusalMetrics.Refused(exchange.Route?.Pipeline.Name ?? "", status);
        if (!_logger.IsEnabled(LogLevel.Information)) return;
        using var scope = _logger.BeginScope(new RequestScope(exchange.RequestId));
        HttpLog.Refused(_logger, exchange.Request.Method, binding.Network, status, reason);
    }

    /// <summary>Answers a request that failed.</summary>
    /// <returns>
    /// Whether part of the response is out. Then Kestrel has to end it so that no client takes the part for the whole, and does so when it learns of an
    /// exception: in HTTP/1.1 by the end of the connection behind what has been written, in HTTP/2 and HTTP/3 by a reset of the stream.
    /// </returns>
    private async ValueTask<bool> IsBreakingOffAsync(HttpExchange exchange, Exception e)
    {
        using var scope = _logger.BeginScope(new RequestScope(exchange.RequestId));
        exchange.Span.Failed(e);
        var method = exchange.Request.Method;
        var pipeline = exchange.Route?.Pipeline.Name ?? "";
        if (exchange.Lifetime.RequestAborted.IsCancellationRequested || e is GatewayException { Kind: FaultKind.ClientGone })
        {
            HttpLog.ClientGone(_logger, method, pipeline);
            exchange.IsAborted = true;
            exchange.Lifetime.Abort();
            return false;
        }

        if (exchange.Response.HasStarted || exchange.BodyHasBegun)
        {
            HttpLog.BrokenOff(_logger, method, pipeline, e.Message, e);
            exchange.IsAborted = true;
            exchange.Reason = ReasonOf(e);
            if (await ResponseWriter.TryFlushAsync(exchange)) return true;
            exchange.Lifetime.Abort();
            return false;
        }

        exchange.Response.Headers.Clear();
        exchange.Response.ReasonPhrase = null;
        exchange.AnswerEmpty(StatusOf(exchange, e, method, pipeline));
        await ResponseWriter.WriteContentAsync(exchange, ErrorForms.Of(exchange), exchange.Lifetime.RequestAborted);
        return false;
    }

    /// <summary>The text for operators: unforeseen exceptions may hold anything.</summary>
    private static string ReasonOf(Exception e) => e is GatewayException ? e.Message : $"unexpected {e.GetType().Name}";

    private int StatusOf(HttpExchange exchange, Exception e, string method, string pipeline)
    {
        exchange.Reason = ReasonOf(e);
        switch (e)
        {
            case GatewayException { FaultSource: FaultSource.Client } fault:
                // What is left of a body that cannot be read is not the beginning of another request.
                if (fault.InnerException is IOException) exchange.Response.Headers.Connection = "close";
                HttpLog.ClientFault(_logger, method, pipeline, FaultStatuses.Of(fault), FaultStatuses.WordsOf(fault), fault.Message);
                RefusalMetrics.Refused(pipeline, FaultStatuses.Of(fault));
                return FaultStatuses.Of(fault);
            case GatewayException fault:
                HttpLog.Fault(_logger, method, pipeline, FaultStatuses.Of(fault), FaultStatuses.WordsOf(fault), fault.Message, fault);
                return FaultStatuses.Of(fault);
            default:
                HttpLog.Unforeseen(_logger, method, pipeline, e);
                return 500;
        }
    }
}
