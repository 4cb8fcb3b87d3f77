using System.Runtime.ExceptionServices;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Http.Quic;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Http.Targets;
using Harmony.Http.Services.Targets;
using Microsoft.Extensions.Logging;
using Polly.Retry;
using Polly;

namespace Harmony.Http.Services.Http;

/// <summary>Forwards requests to one of its targets, streaming both ways, and tries again where that does no harm.</summary>
internal sealed class HttpBackend : IBackend, IAsyncDisposable
{
    private const int DefaultMaxRetries = 3;

    private readonly string _name;
    private readonly TargetGroup<HttpTarget> _targets;
    private readonly HttpForwarder _forwarder;
    private readonly ResiliencePipeline? _retry;
    private readonly int _maxRetries;
    private readonly ILogger _logger;
    private readonly FaultHandler _onFault;

    private HttpBackend(HttpBackendOptions options, BackendContext context, HttpTarget[] targets, ILogger logger)
    {
        var clock = context.Environment.Clock;
        _name = context.Name;
        _logger = logger;
        _forwarder = new HttpForwarder(options, clock);
        var departure = context.Environment.Meshes?.DepartureOfChecks(context.Name);
        var checkers = options.HealthCheck is not { } check
            ? []
            : targets.Select(t => new HealthChecker(t, new HttpHealthCheck(t, check.Path, departure, clock), check, clock, logger));
        _targets = new TargetGroup<HttpTarget>(_name, options.LoadBalancing, targets, checkers);
        _maxRetries = options.MaxRetries ?? context.Targets.Select(t => t.MaxRetries).FirstOrDefault(n => n is not null) ?? DefaultMaxRetries;
        _retry = _maxRetries == 0 ? null : RetryPipeline(clock);
        _onFault = OnFaultAsync;
    }

    /// <summary>Its targets, for those who watch them.</summary>
    internal IReadOnlyList<HttpTarget> HttpTargets => _targets.All;

    public IReadOnlyList<string> Targets => [.. _targets.All.Select(t => t.Name == _name ? t.BaseUrl.ToString() : $"{t.Name} {t.BaseUrl}")];

    public bool AsksDeparture => true;

    public IReadOnlyList<ITarget> LiveTargets => _targets.All;

    public BackendFacts Facts => new()
    {
        Targets = [.. _targets.All.Select(t => new TargetFacts(t.Name, t.BaseUrl.AbsoluteUri) { Weight = t.Weight, CredentialsField = t.Credentials?.Field })],
        TimeoutSecs = (int)_targets.All[0].Timeout.TotalSeconds,
        MaxRetries = _maxRetries,
        LoadBalancing = _targets.LoadBalancing,
    };

    public static HttpBackend? Create(HttpBackendOptions options, BackendContext context, QuicSupport quic)
    {
        if (!CheckOptions(options, context)) return null;
        var logger = context.Environment.Loggers.CreateLogger("harmony.forward");
        var builder = new HttpTargetBuilder(options, context, logger);
        var built = context.Targets.Select(builder.Build).ToList();
        var targets = built.OfType<HttpTarget>().ToArray();
        if (builder.UsesHttp3 && !quic.IsAvailable)
        {
            context.Problems.Obstacle(context.Location, $"backend '{context.Name}' cannot send: {QuicSupport.Missing}, or use another HTTP version");
        }

        return targets.Length == built.Count ? new HttpBackend(options, context, targets, logger) : null;
    }

    public IReadOnlyList<string> Forecast(RequestEnvelope request)
        => [.. _targets.All.Select(t => (Target: t, Head: _forwarder.HeadOf(request, t))).Select(
            s => $"{s.Head.Method} {s.Head.Origin}{s.Head.PathAndQuery} (target '{s.Target.Name}')")];

    public void Activate() => _targets.Activate();

    public void Deactivate() => _targets.Deactivate();

    /// <summary>
    /// The first try goes straight to a target; the machinery of retries is set in motion only by a failure that another try may mend,
    /// so that no other request pays for it.
    /// </summary>
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var target = _targets.Pick(except: null);
        request.AskedTarget = target.Name;
        var upload = RequestUpload.Of(request);
        return request.IsTraced
            ? TracedSendAsync(request, upload, target, ct)
            : _forwarder.SendAsync(request, upload, target, _onFault, needsOwnConnection: false, ct);
    }

    public ValueTask DisposeAsync() => _targets.DisposeAsync();

    private async ValueTask<ResponseEnvelope> OnFaultAsync(
        RequestEnvelope request, RequestUpload? upload, HttpTarget target, GatewayException fault, CancellationToken ct)
    {
        using var scope = _logger.BeginScope(new RequestScope(request.RequestId));
        var isHandedOver = false;
        try
        {
            Note(target, fault, hadOwnConnection: false);
            if (!fault.Retryable || _retry is null) ExceptionDispatchInfo.Throw(fault);
            var response = await AgainAsync(new Tries(this, request, upload, target, fault), ct);
            isHandedOver = true;
            return response;
        }
        finally
        {
            if (!isHandedOver && upload is not null) await upload.EndAsync();
        }
    }

    private async ValueTask<ResponseEnvelope> AgainAsync(Tries tries, CancellationToken ct)
    {
        var context = ResilienceContextPool.Shared.Get(ct);
        try
        {
            var outcome = await _retry!.ExecuteOutcomeAsync(static (context, tries) => tries.NextAsync(context.CancellationToken), context, tries);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// A connection that the origin had closed while it was idle, or closes in order under requests of HTTP/2, says nothing of the origin; a refusal
    /// on a new connection does.
    /// </summary>
    private static void Note(HttpTarget target, GatewayException fault, bool hadOwnConnection)
    {
        if (fault.InnerException is StaleConnectionException || (!hadOwnConnection && ForwardFaults.IsOrderlyClose(fault.InnerException))) return;
        target.Failed(fault.Message);
    }

    /// <summary>The same with a span for each try.</summary>
    private async ValueTask<ResponseEnvelope> TracedSendAsync(RequestEnvelope request, RequestUpload? upload, HttpTarget target, CancellationToken ct)
    {
        try
        {
            return await TryAsync(request, upload, target, needsOwnConnection: false, ct);
        }
        catch (GatewayException e) when (e.FaultSource == FaultSource.Backend)
        {
            return await OnFaultAsync(request, upload, target, e, ct);
        }
        catch
        {
            if (upload is not null) await upload.EndAsync();
            throw;
        }
    }

    private ValueTask<ResponseEnvelope> TryAsync(
        RequestEnvelope request, RequestUpload? upload, HttpTarget target, bool needsOwnConnection, CancellationToken ct)
    {
        request.AskedTarget = target.Name;
        return request.IsTraced
            ? TracedTryAsync(request, upload, target, needsOwnConnection, ct)
            : _forwarder.SendAsync(request, upload, target, onFault: null, needsOwnConnection, ct);
    }

    private async ValueTask<ResponseEnvelope> TracedTryAsync(
        RequestEnvelope request, RequestUpload? upload, HttpTarget target, bool needsOwnConnection, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("target", target.Name, isCall: true);
        try
        {
            var response = await _forwarder.SendAsync(request, upload, target, onFault: null, needsOwnConnection, ct);
            span.Answered(response.Status);
            return response;
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }

    private static bool CheckOptions(HttpBackendOptions options, BackendContext context)
    {
        if (options.BaseUrl is not null && context.Targets.Count > 1)
        {
            context.Problems.Error(
                options.LocationOf("base_url"), $"backend '{context.Name}' has 'targets', so a base URL of its own makes no sense; keep one");
            return false;
        }

        if (options.PathPrefix.AsSpan().IndexOfAny('?', '#') < 0) return true;
        context.Problems.Error(options.LocationOf("path_prefix"), "'path_prefix' is a path only, without a query or fragment");
        return false;
    }

    private ResiliencePipeline RetryPipeline(TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is GatewayException { Retryable: true }),
            MaxRetryAttempts = _maxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(2),
            // An idle connection that the origin had closed is no reason to wait: another connection will do.
            DelayGenerator = static args => new ValueTask<TimeSpan?>(args.Outcome.Exception?.InnerException is StaleConnectionException ? TimeSpan.Zero : null),
            OnRetry = args =>
            {
                TargetMetrics.Retried(_name);
                ForwardLog.Retrying(_logger, _name, args.AttemptNumber + 1, _maxRetries, args.Outcome.Exception?.Message ?? "");
                return default;
            },
        })
        .Build();

    /// <summary>
    /// The tries of one request after its first has failed. That failure is handed over as the outcome of try 0, so that waiting and
    /// counting begin with it. Another target is asked each time if there is one.
    /// </summary>
    /// <remarks>
    /// The first repetition takes a connection that is there, so that a burst of them costs the origin no burst of handshakes. An origin of HTTP/2 that
    /// closes each connection after some requests (GOAWAY, RFC 9113 §6.8) may be about to close that one, too: what has failed twice, or has no
    /// further try, gets a connection of its own.
    /// </remarks>
    private sealed class Tries(HttpBackend backend, RequestEnvelope request, RequestUpload? upload, HttpTarget failed, GatewayException? first)
    {
        private GatewayException? _first = first;
        private HttpTarget _failed = failed;
        private int _repetitions;

        public async ValueTask<Outcome<ResponseEnvelope>> NextAsync(CancellationToken ct)
        {
            if (Interlocked.Exchange(ref _first, null) is { } handedOver) return Outcome.FromException<ResponseEnvelope>(handedOver);
            var needsOwnConnection = ++_repetitions > 1 || _repetitions == backend._maxRetries;
            try
            {
                var target = _failed = backend._targets.Pick(_failed);
                return Outcome.FromResult(await backend.TryAsync(request, upload, target, needsOwnConnection, ct));
            }
            catch (GatewayException e)
            {
                if (e.FaultSource == FaultSource.Backend) Note(_failed, e, needsOwnConnection);
                return Outcome.FromException<ResponseEnvelope>(e);
            }
        }
    }
}

/// <summary>Log messages of the forwarder, ids 2104 to 2199, target <c>harmony.forward</c>.</summary>
internal static partial class ForwardLog
{
    [LoggerMessage(EventId = 2104, Level = LogLevel.Debug, Message = "backend '{Backend}' retries ({Attempt} of {MaxRetries}): {Reason}")]
    public static partial void Retrying(ILogger logger, string backend, int attempt, int maxRetries, string reason);
}
