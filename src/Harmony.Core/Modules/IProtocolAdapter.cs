using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Modules;

/// <summary>
/// Speaks one protocol with clients: bytes to envelope, envelope to bytes, faults and refusals to wire statuses, and nothing else.
/// </summary>
public interface IProtocolAdapter
{
    /// <summary>The protocol: <c>http</c>, <c>dimse</c>.</summary>
    string Protocol { get; }

    /// <summary>Says what this machine lacks for a network. Nothing by default.</summary>
    void Check(string network, NetworkSection section, ConfigProblems problems)
    {
    }

    /// <summary>Says what of a configuration cannot be listened for, such as two endpoints that cannot be told apart. Nothing by default.</summary>
    void Check(GatewaySnapshot snapshot, ConfigProblems problems)
    {
    }

    /// <summary>The listeners that a configuration asks for. Equal bindings need no new listener when the configuration changes.</summary>
    IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot);

    /// <summary>Opens a listener. Requests take the runtime's current snapshot, one each.</summary>
    /// <exception cref="IOException">The address cannot be bound; the message says why.</exception>
    ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct);
}
