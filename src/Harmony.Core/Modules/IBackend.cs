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

    /// <summary>The systems behind it, for <c>harmony explain</c> and the log. Empty where there are none.</summary>
    IReadOnlyList<string> Targets => [];

    /// <summary>The same systems as they are doing now, for those who watch and steer them.</summary>
    IReadOnlyList<ITarget> LiveTargets => [];

    /// <summary>The ports that it listens on itself, at once or when it needs them. None by default.</summary>
    IReadOnlyList<BackendListener> Listeners => [];

    /// <summary>More about those systems and how they are used.</summary>
    BackendFacts Facts => BackendFacts.None;
}
