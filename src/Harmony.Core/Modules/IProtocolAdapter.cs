using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;
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

/// <summary>An open listener.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>The binding of the listener.</summary>
    ListenerBinding Binding { get; }

    /// <summary>The addresses it really listens on; the port is known here where port 0 was asked for.</summary>
    IReadOnlyList<IPEndPoint> Endpoints { get; }

    /// <summary>Takes no new connections, lets running requests finish, and ends what is left when the token trips.</summary>
    Task StopAsync(CancellationToken deadline);
}

/// <summary>The address and settings of a listener. Equal bindings are the same listener.</summary>
/// <param name="Protocol">The adapter.</param>
/// <param name="Network">The network it belongs to.</param>
/// <param name="Address">IP address or <c>localhost</c>.</param>
/// <param name="Port">Port.</param>
public abstract record ListenerBinding(string Protocol, string Network, string Address, int Port)
{
    /// <summary>How people write it: <c>http://127.0.0.1:8080</c>.</summary>
    public abstract string Url { get; }

    /// <summary>The owner of the listener, for errors: <c>network 'front'</c>.</summary>
    public virtual string Owner => $"network '{Network}'";

    /// <summary>Whether it is a UDP port, which is in the way of no TCP port.</summary>
    public virtual bool IsUdp => false;

    /// <summary>Location in the configuration, for errors; not compared.</summary>
    public ListenerOrigin Origin { get; init; } = new(SourceLocation.None);
}

/// <summary>A place that does not count when bindings are compared: moving a table within its file changes no listener.</summary>
/// <param name="Location">Location of the port in the configuration.</param>
public sealed record ListenerOrigin(SourceLocation Location)
{
    /// <inheritdoc/>
    public bool Equals(ListenerOrigin? other) => other is not null;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}

/// <summary>
/// An endpoint whose protocol has a form of its own for errors, such as the OperationOutcome of FHIR, or headers that belong to errors. The adapter asks for
/// this form for a refusal or a fault; the adapter chooses the status.
/// </summary>
public interface IErrorForm : IEndpoint
{
    /// <summary>The body of an error that has none; null for that of the gateway.</summary>
    /// <param name="request">The request that ends in the error.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="requestId">The id of the request in the log.</param>
    RefusalContent? ErrorBody(RequestEnvelope request, int status, string requestId) => null;

    /// <summary>Header fields that the error gets beside its own, such as those that let a browser read it.</summary>
    /// <param name="request">The request that ends in the error.</param>
    IEnumerable<HeaderField> ErrorFields(RequestEnvelope request) => [];
}
