using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Core.Runtime;

/// <summary>A network ready to serve: its addresses, its trusted proxies, its routes.</summary>
public sealed class NetworkModel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>As configured.</summary>
    public required NetworkSection Section { get; init; }

    /// <summary>The routes of its HTTP endpoints.</summary>
    public required RouteTable<RouteTarget> Routes { get; init; }

    /// <summary>The URLs by which members of meshes enter; null where there are none.</summary>
    public UrlEntrances? Entrances { get; init; }

    /// <summary>Every endpoint attached to it, with its pipeline.</summary>
    public required IReadOnlyList<RouteTarget> Endpoints { get; init; }

    /// <summary>Proxies whose headers tell the address of a request's client.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The field by which those proxies tell it.</summary>
    public ForwardingField ForwardedBy { get; init; }

    /// <summary>Whether HTTP requests are expected: not when only endpoints of other protocols are attached.</summary>
    public required bool ServesHttp { get; init; }

    /// <summary>Whether its TCP listener is not opened, because its certificate or key cannot be used; the other networks serve.</summary>
    public bool StaysClosed { get; init; }
}

/// <summary>A pipeline for people to look at: <c>harmony explain</c>, the banner, the management API.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Networks">Networks it is attached to.</param>
/// <param name="Endpoints">Its endpoints.</param>
/// <param name="Left">Middleware on the way in, in the order they run.</param>
/// <param name="Right">Middleware on the way out, in the order they run.</param>
/// <param name="Backends">Its backends, the default one first.</param>
/// <param name="InactiveReason">Why it serves nothing, or null.</param>
public sealed record PipelineModel(
    string Name,
    string Description,
    IReadOnlyList<string> Networks,
    IReadOnlyList<EndpointModel> Endpoints,
    IReadOnlyList<StepModel> Left,
    IReadOnlyList<StepModel> Right,
    IReadOnlyList<BackendModel> Backends,
    string? InactiveReason)
{
    /// <summary>Who handles its requests, in words: <c>backend 'a' or 'b'</c>.</summary>
    public string HandledBy => Backends.Count == 0 ? "an empty response" : $"backend {string.Join(" or ", Backends.Select(b => $"'{b.Name}'"))}";
}

/// <summary>A middleware for people to look at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of the middleware, such as <c>transform</c>.</param>
/// <param name="Words">What it does, where that is worth saying.</param>
public sealed record StepModel(string Name, string Type, IReadOnlyList<string> Words)
{
    /// <summary><c>name (type)</c>, or the type alone where the two are the same.</summary>
    public override string ToString() => Name == Type ? Name : $"{Name} ({Type})";
}

/// <summary>An endpoint for people to look at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Service">Its service.</param>
/// <param name="Routes">The routes it claims: <c>GET /api/**</c>.</param>
public sealed record EndpointModel(string Name, string Service, IReadOnlyList<string> Routes)
{
    /// <summary>The adapter that serves it; null where its service is not yet available.</summary>
    public string? Protocol { get; init; }

    /// <summary>What it serves, where routes do not say it.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The same as <see cref="Routes"/>, in their parts.</summary>
    public IReadOnlyList<EndpointRoute> Claims { get; init; } = [];
}

/// <summary>A backend for people to look at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Service">Its service.</param>
/// <param name="Targets">Where it sends.</param>
/// <param name="When">When it is chosen: the rules in words, or empty.</param>
public sealed record BackendModel(string Name, string Service, IReadOnlyList<string> Targets, IReadOnlyList<string> When)
{
    /// <summary>Whether it gets the requests that no rule gives to another.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Where it sends, as that is doing now.</summary>
    public IReadOnlyList<ITarget> LiveTargets { get; init; } = [];

    /// <summary>Where it sends and how.</summary>
    public BackendFacts Facts { get; init; } = BackendFacts.None;
}

/// <summary>Where a route leads.</summary>
/// <param name="Pipeline">The pipeline that runs.</param>
/// <param name="EndpointName">Name of the endpoint the request enters by.</param>
/// <param name="Endpoint">That endpoint.</param>
public sealed record RouteTarget(Pipeline.Pipeline Pipeline, string EndpointName, IEndpoint Endpoint)
{
    /// <summary>Counts its requests.</summary>
    public required RouteMetrics Metrics { get; init; }

    /// <summary>Whether the path below the route goes to the backend (a prefix), or the whole path (a pattern).</summary>
    public bool StripsPrefix { get; init; }
}

/// <summary>A mesh for people to look at: <c>harmony explain</c>, <c>harmony mesh</c>. Holds no secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Provider">Provider that manages the mesh.</param>
/// <param name="Words">What its tokens are and by which keys they are made and verified, a line each.</param>
/// <param name="References">What each reference of its <c>ingress</c> and <c>egress</c> means.</param>
public sealed record MeshModel(string Name, string Provider, IReadOnlyList<string> Words, IReadOnlyList<ResolvedReference> References);

/// <summary>The result of a reference.</summary>
/// <param name="Kind"><c>ingress</c> or <c>egress</c>.</param>
/// <param name="Reference">As written.</param>
/// <param name="Meaning">What it means: <c>ingress 'fhir' of pipeline 'records'</c>; null when unknown.</param>
/// <param name="Origin">Where that was found: a file with line, or a provider.</param>
/// <param name="Urls">The URLs that belong to it.</param>
/// <param name="ResolvedAt">When a provider said so; null for what stands in files.</param>
public sealed record ResolvedReference(string Kind, string Reference, string? Meaning, string Origin, IReadOnlyList<string> Urls, DateTimeOffset? ResolvedAt);
