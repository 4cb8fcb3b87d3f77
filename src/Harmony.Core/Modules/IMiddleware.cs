using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Modules;

/// <summary>
/// A step of a pipeline. Implement <see cref="IRequestMiddleware"/>, <see cref="IResponseMiddleware"/>, or both. One instance serves
/// every request of a configuration, at the same time, so it keeps no state of a request in itself.
/// </summary>
/// <remarks>An instance that owns something implements <see cref="IAsyncDisposable"/> too; it is disposed when its configuration has drained.</remarks>
public interface IMiddleware
{
    /// <summary>
    /// Whether its left side reads bodies, or puts others in their place. <c>harmony check</c> warns where such a step stands before the first
    /// authentication: what a stranger sends should not be parsed.
    /// </summary>
    bool ReadsRequestBody => false;

    /// <summary>
    /// Whether its right side may put another body in the place of the response's. Backends are then asked for the whole body without content
    /// coding: a range or a gzip cannot be transformed.
    /// </summary>
    bool ReplacesResponseBody => false;

    /// <summary>
    /// Where it runs when a pipeline lists it once for both ways, <c>middleware = [a, b]</c>. In the split form the list that names it
    /// decides.
    /// </summary>
    MiddlewareSides Sides => MiddlewareSides.Both;

    /// <summary>
    /// Whether its left side asks the backend of its pipeline something before the request itself goes there: it finds <see cref="BackendQuestions"/> as a
    /// feature of each request.
    /// </summary>
    bool AsksBackend => false;

    /// <summary>
    /// Whether it asks, tells or keeps something outside of the request that passes, so that <c>harmony try</c> leaves it out unless something may be sent.
    /// </summary>
    bool ActsOutside => false;

    /// <summary>Begins what goes on between requests, such as fetching keys. Called once, when the configuration goes live.</summary>
    void Activate()
    {
    }

    /// <summary>
    /// Ends of that what must not go on beside another configuration. Called once, when one has taken its place; requests that began before
    /// still come through.
    /// </summary>
    void Deactivate()
    {
    }

    /// <summary>Description of the configured middleware in lines, for <c>harmony explain</c>. Without secrets; empty if its options are clear.</summary>
    IReadOnlyList<string> Words => [];
}

/// <summary>A middleware with something to do on the left side, between endpoint and backend.</summary>
public interface IRequestMiddleware : IMiddleware
{
    /// <summary>Looks at a request, may change it, and says how to go on.</summary>
    ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct);
}

/// <summary>Sends a request on towards a backend.</summary>
/// <param name="request">The request; the caller disposes it, after the response.</param>
/// <param name="ct">Ends the wait.</param>
/// <exception cref="Faults.GatewayException">The backend could not be reached, did not respond in time, or broke off.</exception>
public delegate ValueTask<ResponseEnvelope> RequestSender(RequestEnvelope request, CancellationToken ct);

/// <summary>A middleware that has requests of its own for the backends of the pipelines that it stands in.</summary>
public interface ISendsRequests : IRequestMiddleware
{
    /// <summary>Says how to send them. Called once for each pipeline that has a backend, before the first request.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="send">Takes a request through the steps behind this one to the backend. Works as long as the configuration does.</param>
    void Connect(string pipeline, RequestSender send);
}

/// <summary>A middleware with something to do on the right side, between backend and endpoint.</summary>
public interface IResponseMiddleware : IMiddleware
{
    /// <summary>Looks at an answer and may change it.</summary>
    ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct);
}

/// <summary>A step that lets pass only requests whose sender it can establish, and says who that is.</summary>
public interface IAuthenticationStep : IRequestMiddleware
{
    /// <summary>Whether a request without credentials of its kind goes on to the next step, which must then insist on some.</summary>
    bool IsOptional { get; }
}

/// <summary>On which way a step runs: <c>apply = "left"</c>.</summary>
[Flags]
public enum MiddlewareSides
{
    /// <summary>On requests, before the backend.</summary>
    Left = 1,

    /// <summary>On answers, after the backend.</summary>
    Right = 2,

    /// <summary>On both.</summary>
    Both = Left | Right,
}

/// <summary>The context that a type builds a middleware from.</summary>
public sealed class MiddlewareContext : ModuleContext
{
    /// <summary>The authentication it refers to, or null.</summary>
    public AuthenticationSection? Authentication { get; init; }

    /// <summary>Why the middleware cannot serve: something it needs is not there. Null when nothing is missing.</summary>
    public string? Closed { get; private set; }

    /// <summary>The same for reading files again while the middleware serves: errors in them are not reported as problems of a configuration.</summary>
    public MiddlewareContext Again() => new()
    {
        Name = Name, Location = Location, File = File, Problems = new ConfigProblems(), Environment = Environment, Authentication = Authentication,
    };

    /// <summary>
    /// Says that something the middleware needs is not there, such as a file. Its factory returns null; pipelines that use it respond with 503, and the
    /// rest of the configuration runs.
    /// </summary>
    /// <param name="location">Location in the configuration.</param>
    /// <param name="reason">The missing part: <c>cannot read 'key.pem': no such file</c>.</param>
    public void Close(SourceLocation location, string reason)
    {
        Closed ??= reason;
        Problems.Gap(location, $"{reason}; pipelines that use '{Name}' respond with 503");
    }
}

/// <summary>
/// A middleware that keeps something out by what it does on both ways: a pipeline that names it on one side only would be open, and is an error.
/// </summary>
public interface INeedsBothSides : IRequestMiddleware, IResponseMiddleware;
