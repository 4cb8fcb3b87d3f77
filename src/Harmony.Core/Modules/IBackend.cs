using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Core.Modules;

/// <summary>
/// What handles a request at the end of the left chain. One instance serves every request of a configuration at the same time.
/// Owns its connections; implements <see cref="IAsyncDisposable"/> to close them.
/// </summary>
public interface IBackend
{
    /// <summary>Handles a request.</summary>
    /// <exception cref="Faults.GatewayException">The backend could not be reached, did not answer in time, or broke off.</exception>
    ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct);

    /// <summary>Begins what goes on between requests, such as health checks. Called once, when the configuration goes live.</summary>
    void Activate()
    {
    }

    /// <summary>
    /// Ends what <see cref="Activate"/> began. Called once, when another configuration has taken its place; requests that began before are
    /// still to be served.
    /// </summary>
    void Deactivate()
    {
    }

    /// <summary>
    /// What would be sent where for a request, a line for each target that may be asked: for <c>harmony try</c>. Nothing secret. Empty when the backend asks no
    /// system.
    /// </summary>
    /// <param name="request">The request as it has come to the backend.</param>
    IReadOnlyList<string> Forecast(RequestEnvelope request) => Targets;

    /// <summary>The systems behind it, for <c>harmony explain</c> and the log. Empty where there are none.</summary>
    IReadOnlyList<string> Targets => [];

    /// <summary>The same systems as they are doing now, for those who watch and steer them.</summary>
    IReadOnlyList<ITarget> LiveTargets => [];

    /// <summary>The ports that it listens on itself, at once or when it needs them. None by default.</summary>
    IReadOnlyList<BackendListener> Listeners => [];

    /// <summary>Whether it asks <see cref="RequestEnvelope.Departure"/> before a request leaves. One that does not cannot send to members of a mesh.</summary>
    bool AsksDeparture => false;

    /// <summary>More about those systems and how they are used.</summary>
    BackendFacts Facts => BackendFacts.None;
}

/// <summary>The settings of a backend after all defaults, for <c>harmony explain</c> and the management API. Without secrets.</summary>
public sealed record BackendFacts
{
    /// <summary>A backend about which there is nothing to know.</summary>
    public static readonly BackendFacts None = new();

    /// <summary>The targets of the backend; may be empty.</summary>
    public IReadOnlyList<TargetFacts> Targets { get; init; } = [];

    /// <summary>Seconds without progress after which a request is given up; null where that means nothing.</summary>
    public int? TimeoutSecs { get; init; }

    /// <summary>Further tries of a request that may be repeated; null where that means nothing.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>How requests are shared among several targets; null where there are not several.</summary>
    public string? LoadBalancing { get; init; }
}

/// <summary>The context that a service builds a backend from.</summary>
public sealed class BackendContext : ModuleContext
{
    /// <summary>
    /// Where it may send, settings of the backend over those of the targets. One entry without a connection when the configuration names
    /// no target: the service's own options must say where then.
    /// </summary>
    public required IReadOnlyList<TargetSettings> Targets { get; init; }
}

/// <summary>A port that a backend listens on beside the listeners of networks: where objects come in that it asked for.</summary>
/// <param name="Address">IP address or <c>localhost</c>.</param>
/// <param name="Port">Port.</param>
/// <param name="Owner">The owner of the listener, for errors: <c>backend 'archive'</c>.</param>
/// <param name="Location">Location in the configuration.</param>
public sealed record BackendListener(string Address, int Port, string Owner, SourceLocation Location)
{
    /// <summary>The key of a shared listener: backends with the same key share the port.</summary>
    public object? SharedAs { get; init; }

    /// <summary>Whether the port is taken by default only, and perhaps never opened: then a clash is a warning.</summary>
    public bool IsDefault { get; init; }
}
