using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Core.Runtime;

/// <summary>A network ready to serve: what it listens on, whom it trusts, where its requests go.</summary>
public sealed class NetworkModel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>As configured.</summary>
    public required NetworkSection Section { get; init; }

    /// <summary>The routes of its HTTP endpoints.</summary>
    public required RouteTable<RouteTarget> Routes { get; init; }

    /// <summary>Every endpoint attached to it, with its pipeline.</summary>
    public required IReadOnlyList<RouteTarget> Endpoints { get; init; }

    /// <summary>Proxies that are believed about whom a request is from.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The field by which those proxies tell it.</summary>
    public ForwardingField ForwardedBy { get; init; }

    /// <summary>Whether HTTP requests are expected: not when only endpoints of other protocols are attached.</summary>
    public required bool ServesHttp { get; init; }
}
