using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;

namespace Harmony.Core.Modules;

/// <summary>
/// Runs the meshes of a configuration. A pack brings one; a program without has closed pipelines in the place of those that belong to a mesh.
/// </summary>
public interface IMeshModule
{
    /// <summary>Builds the meshes; what is wrong with them goes to the problems, and what lacks something is closed.</summary>
    /// <param name="environment">What everything is built with.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="ct">Ends it.</param>
    ValueTask<IMeshes> BuildAsync(BuildEnvironment environment, ConfigProblems problems, CancellationToken ct);
}

/// <summary>The meshes of one configuration, built before its pipelines and disposed with the snapshot.</summary>
public interface IMeshes : IAsyncDisposable
{
    /// <summary>Them, for people to look at.</summary>
    IReadOnlyList<MeshModel> Models { get; }

    /// <summary>What they publish, on which networks.</summary>
    IReadOnlyList<MeshDocument> Documents { get; }

    /// <summary>What they have to do with a pipeline; null for nothing.</summary>
    MeshPart? PartOf(Definition<PipelineSection> pipeline);

    /// <summary>What health checks of a backend are given, as requests of the pipelines that send to it are; null for nothing.</summary>
    /// <param name="backend">The backend's name.</param>
    IDeparture? DepartureOfChecks(string backend);

    /// <summary>Begins what goes on between requests, such as fetching keys. Called once, when the configuration goes live.</summary>
    void Activate();
}

/// <summary>What meshes have to do with one pipeline.</summary>
public sealed record MeshPart
{
    /// <summary>Why the pipeline must not serve: something is missing that tells members from strangers. Null when nothing is.</summary>
    public string? Closed { get; init; }

    /// <summary>
    /// Judges requests that come by the routes of the pipeline's endpoints, and not by a URL of an ingress; null where those routes stay open to all clients.
    /// </summary>
    public IRequestMiddleware? RouteGuard { get; init; }

    /// <summary>Where members enter.</summary>
    public IReadOnlyList<MeshEntrance> Entrances { get; init; } = [];

    /// <summary>What requests to a backend are given before they leave, by the backend's name.</summary>
    public IReadOnlyDictionary<string, IDeparture> Departures { get; init; } = new Dictionary<string, IDeparture>();
}

/// <summary>An ingress of a pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">The endpoint that its requests enter by; null for the pipeline's first.</param>
/// <param name="Urls">The URLs by which it is known.</param>
/// <param name="Guard">Judges its requests, before anything else does.</param>
/// <param name="ForMembersOnly">Whether each request needs a valid token.</param>
/// <param name="Location">Where it is written.</param>
public sealed record MeshEntrance(
    string Name, string? Endpoint, IReadOnlyList<UrlPrefix> Urls, IRequestMiddleware Guard, bool ForMembersOnly, SourceLocation Location);

/// <summary>A document that a mesh publishes, such as its keys.</summary>
/// <param name="Name">What it is called: <c>keys of mesh 'clinics'</c>.</param>
/// <param name="Path">Its path, without parameters.</param>
/// <param name="Networks">The networks that serve it.</param>
/// <param name="Source">Responds with it.</param>
/// <param name="Location">Where the mesh is written.</param>
public sealed record MeshDocument(string Name, string Path, IReadOnlyCollection<string> Networks, IBackend Source, SourceLocation Location);

/// <summary>What a request must have when it leaves for a URL. Backends that send by HTTP ask once the URL is known, for each try.</summary>
public interface IDeparture
{
    /// <summary>Whether requests may go to members only.</summary>
    bool ForMembersOnly { get; }

    /// <summary>Adds to the fields what the URL's owner asks for.</summary>
    /// <param name="url">Scheme, authority and path to which the request goes; no query.</param>
    /// <param name="fields">The fields that are sent.</param>
    /// <param name="ct">Trips when the client has gone.</param>
    /// <exception cref="Faults.GatewayException">The request may not go there, or what it needs is not to be had.</exception>
    ValueTask AuthorizeAsync(DepartureUrl url, HeaderFields fields, CancellationToken ct);
}

/// <summary>Where a request goes, in parts.</summary>
/// <param name="Origin">Scheme and authority: <c>https://fhir.example.org:8443</c>.</param>
/// <param name="PathAndQuery">Path, and the query behind a question mark.</param>
public readonly record struct DepartureUrl(string Origin, string PathAndQuery)
{
    /// <summary>The scheme.</summary>
    public string Scheme => Origin.StartsWith("https:", StringComparison.Ordinal) ? "https" : "http";

    /// <summary>Host and port.</summary>
    public ReadOnlySpan<char> Authority => Origin.AsSpan(Scheme.Length + "://".Length);

    /// <summary>The path.</summary>
    public ReadOnlySpan<char> Path => PathAndQuery.IndexOf('?') is var end and >= 0 ? PathAndQuery.AsSpan(0, end) : PathAndQuery;
}
