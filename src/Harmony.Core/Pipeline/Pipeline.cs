using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>A pipeline ready to run: arrays of built steps, nothing left to look up. Put together when the configuration is loaded.</summary>
public sealed class Pipeline
{
    private readonly NamedStep<IRequestMiddleware>[] _left;
    private readonly NamedStep<IResponseMiddleware>[] _right;
    private readonly NamedBackend[] _backends;
    private readonly BackendRoute[] _routes;

    // The same steps inside spans: a request that is not traced passes by them.
    private readonly NamedStep<IRequestMiddleware>[] _tracedLeft;
    private readonly NamedStep<IResponseMiddleware>[] _tracedRight;
    private readonly NamedBackend[] _tracedBackends;

    private readonly NamedStep<IRequestMiddleware>? _guard;
    private readonly ISnapshotReader[] _snapshotReaders;

    private readonly Refusal? _inactive;
    private readonly ContentReader _content;
    private readonly bool _replacesAnswers;
    private readonly bool _sendsToAll;
    private readonly NamedStep<IRequestMiddleware>[] _guards;
    private readonly BackendQuestions? _questions;

    internal Pipeline(PipelineParts parts)
    {
        Name = parts.Name;
        _left = [.. parts.Left];
        _right = [.. parts.Right];
        _backends = [.. parts.Backends];
        _routes = [.. parts.Routes];
        _tracedLeft = [.. _left.Select(s => s with { Middleware = new TracedRequestStep(s) })];
        _tracedRight = [.. _right.Select(s => s with { Middleware = new TracedResponseStep(s) })];
        _tracedBackends = [.. _backends.Select(b => b with { Backend = new TracedBackend(b) })];
        _snapshotReaders = [.. _left.Select(s => (object)s.Middleware).Concat(_right.Select(s => s.Middleware)).OfType<ISnapshotReader>()];
        BackendNames = [.. _backends.Select(b => b.Name)];
        _inactive = parts.Inactive;
        _guard = parts.Guard;
        _content = new ContentReader(parts.Limits);
        _sendsToAll = parts.SendsToAll && _backends.Length > 1;
        _replacesAnswers = _right.Any(s => s.Middleware.ReplacesResponseBody);
        ViaName = PipelinePseudonyms.Of(Name);
        _guards = [.. _left.Where(s => s.Middleware is IAuthenticationStep)];
        _questions = !_sendsToAll && _backends.Length > 0 && _left.Any(s => s.Middleware.AsksBackend) ? NewQuestions() : null;
        if (_backends.Length == 0 || _inactive is not null) return;
        for (var i = 0; i < _left.Length; i++)
        {
            var place = i;
            if (_left[i].Middleware is ISendsRequests sender) sender.Connect(Name, (request, ct) => SendFromAsync(place, request, ct));
        }
    }

    /// <summary>The same with an interceptor around each of its parts.</summary>
    private Pipeline(Pipeline other, IPipelineInterceptor interceptor)
    {
        Name = other.Name;
        _left = _tracedLeft = [.. other._left.Select(s => s with { Middleware = new InterceptedRequestStep(s, interceptor) })];
        _right = _tracedRight = [.. other._right.Select(s => s with { Middleware = new InterceptedResponseStep(s, interceptor) })];
        _backends = _tracedBackends = [.. other._backends.Select(b => b with { Backend = new InterceptedBackend(b, interceptor) })];
        _guard = other._guard is { } guard ? guard with { Middleware = new InterceptedRequestStep(guard, interceptor) } : null;
        (_routes, _snapshotReaders, _inactive, _content, _sendsToAll) =
            (other._routes, other._snapshotReaders, other._inactive, other._content, other._sendsToAll);
        (_replacesAnswers, _guards, BackendNames, ViaName) = (other._replacesAnswers, other._guards, other.BackendNames, other.ViaName);
        _questions = other._questions is null ? null : NewQuestions();
    }

    /// <summary>Its name in the configuration.</summary>
    public string Name { get; }

    /// <summary>
    /// Its name in the field <c>Via</c> (RFC 9110 §7.6.3): the same as long as this process runs, different from those of other pipelines and other gateways,
    /// so that a request that comes back to its own pipeline is known. Tells nothing of the configuration.
    /// </summary>
    public string ViaName { get; }

    /// <summary>Names of its backends; <see cref="RequestEnvelope.ChosenBackend"/> is a place in this list.</summary>
    public IReadOnlyList<string> BackendNames { get; }

    /// <summary>Why it serves nothing (it names a module that this program does not have yet), or null when it is active.</summary>
    public string? InactiveReason => _inactive?.Reason;

    /// <summary>Whether steps of its own run, which may log: their lines carry the request's id.</summary>
    public bool HasMiddleware => _guard is not null || _left.Length > 0 || _right.Length > 0;

    /// <summary>Whether a middleware authenticates requests.</summary>
    public bool Authenticates => _guards.Length > 0;

    /// <summary>
    /// Asks only the steps that authenticate: for protocols in which a client says who it is before it asks for anything. They are asked again
    /// with each request.
    /// </summary>
    /// <returns>Why the sender does not pass; null where it does.</returns>
    /// <exception cref="GatewayException">A step failed.</exception>
    public async ValueTask<Refusal?> AuthenticateAsync(RequestEnvelope request, CancellationToken ct)
    {
        foreach (var step in _guards)
        {
            if ((await RunLeftAsync(step, request, ct)).Refusal is not { } refusal) continue;
            RefusalMetrics.Refused(Name, step.Name, refusal);
            return refusal;
        }

        return null;
    }

    /// <summary>The same pipeline, in which an interceptor stands around each part. Requests of others do not pass there, and pay nothing for it.</summary>
    /// <param name="interceptor">What stands around them, for one request.</param>
    public Pipeline Intercepted(IPipelineInterceptor interceptor) => new(this, interceptor);

    /// <summary>Takes a request through steps 3 to 7 of its life (<c>docs/life-of-a-request.md</c>).</summary>
    /// <exception cref="GatewayException">Something failed; the adapter says so on the wire.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IEndpoint endpoint, CancellationToken ct)
    {
        if (_inactive is not null) return Refused(request, "", _inactive);
        request.PipelineName = Name;
        if (_guard is { } guard && (await RunLeftAsync(guard, request, ct)).Refusal is { } refused) return Refused(request, guard.Name, refused);
        var shaping = endpoint as IShapingEndpoint;
        if (shaping is not null && request.IsTraced) shaping = new TracedEndpoint(request.EndpointName, shaping);

        // :: Step 3: the endpoint's service shapes the request.
        var response = shaping is null ? null : await shaping.OnRequestAsync(request, ct);
        if (response is not null) return await ShapeAsync(response, [], shaping, ct);

        var keepsSnapshots = Array.Exists(_snapshotReaders, r => r.ReadsSnapshots);
        request.Body.KeepsSnapshot = keepsSnapshots;
        if (_questions is not null) request.SetFeature(_questions);

        // :: Step 4: the left chain.
        response = await PassAsync(request.IsTraced ? _tracedLeft : _left, 0, request, ct);
        if (response?.Refusal is not null) return response;

        // :: Step 5: the backend.
        response ??= await (request.AroundBackend is { } around ? around(AskAsync, ct) : AskAsync(request, ct));

        if (keepsSnapshots && response.BodyIfSet is { } body) body.KeepsSnapshot = true;
        return await ShapeAsync(response, request.IsTraced ? _tracedRight : _right, shaping, ct);
    }

    /// <summary>An answer on its way out; disposed where a step fails.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ResponseEnvelope> ShapeAsync(
        ResponseEnvelope response, NamedStep<IResponseMiddleware>[] right, IShapingEndpoint? shaping, CancellationToken ct)
    {
        try
        {
            // :: Step 6: the right chain.
            foreach (var step in right) await RunRightAsync(step, response, ct);

            // :: Step 7: the endpoint's service shapes the response.
            if (shaping is not null) await shaping.OnResponseAsync(response, ct);
            ContentWriter.Settle(response);
            return response;
        }
        catch
        {
            await response.DisposeAsync();
            throw;
        }
    }

    /// <summary>A request of a step's own, from the step behind it on.</summary>
    private async ValueTask<ResponseEnvelope> SendFromAsync(int place, RequestEnvelope request, CancellationToken ct)
    {
        var response = await PassAsync(_left, place + 1, request, ct);
        return await ShapeAsync(response ?? await AskAsync(request, ct), [], shaping: null, ct);
    }

    /// <summary>
    /// Takes a request through the steps of the left chain from one on: the response or refusal of the step that ends its way, null where all of them go on.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseEnvelope?> PassAsync(NamedStep<IRequestMiddleware>[] steps, int first, RequestEnvelope request, CancellationToken ct)
    {
        for (var i = first; i < steps.Length; i++)
        {
            var result = await RunLeftAsync(steps[i], request, ct);
            if (!result.IsContinue) return result.Response ?? Refused(request, steps[i].Name, result.Refusal!);
        }

        return null;
    }

    private ValueTask<ResponseEnvelope> AskAsync(RequestEnvelope request, CancellationToken ct)
        => request.MetadataIfSet(MetadataKeys.SkipBackends) == "true" ? SkippedResponse.FromAsync(request, _content, ct) : SendAsync(request, ct);

    private ResponseEnvelope Refused(RequestEnvelope request, string middleware, Refusal refusal)
    {
        RefusalMetrics.Refused(Name, middleware, refusal);
        return new ResponseEnvelope(request, 0) { Refusal = refusal };
    }

    private static async ValueTask<MiddlewareResult> RunLeftAsync(NamedStep<IRequestMiddleware> step, RequestEnvelope request, CancellationToken ct)
    {
        try
        {
            return await step.Middleware.OnRequestAsync(request, ct);
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            throw Failed(step.Name, e);
        }
    }

    private static async ValueTask RunRightAsync(NamedStep<IResponseMiddleware> step, ResponseEnvelope response, CancellationToken ct)
    {
        try
        {
            await step.Middleware.OnResponseAsync(response, ct);
        }
        catch (Exception e) when (IsFailure(e, ct))
        {
            throw Failed(step.Name, e);
        }
    }

    /// <summary>A cancellation that the caller did not ask for (a time-out inside the middleware) is a failure of the middleware.</summary>
    private static bool IsFailure(Exception e, CancellationToken ct)
        => e is not (GatewayException or OperationCanceledException) || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private static GatewayException Failed(string middleware, Exception e)
        => new(FaultSource.Gateway, FaultKind.Internal, $"middleware '{middleware}' failed", e);

    /// <summary>Questions for the backends of this pipeline: where an interceptor stands around these, it sees the questions too.</summary>
    private BackendQuestions NewQuestions() => new((asking, question, ct) => _backends[Choose(asking)].Backend.SendAsync(question, ct));

    private ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        ContentWriter.Settle(request);
        request.NeedsPlainAnswer = _replacesAnswers;
        if (_backends.Length == 0) return new ValueTask<ResponseEnvelope>(new ResponseEnvelope(request, 200));
        var backends = request.IsTraced ? _tracedBackends : _backends;
        if (_sendsToAll) return FanOut.SendAsync(request, backends, ct);
        request.ChosenBackend = Choose(request);
        return backends[request.ChosenBackend].Backend.SendAsync(request, ct);
    }

    /// <summary>The first backend that a route rule matches, else the first listed.</summary>
    private int Choose(RequestEnvelope request)
    {
        foreach (var route in _routes)
        {
            if (route.Matches(request)) return route.Backend;
        }

        return 0;
    }
}
