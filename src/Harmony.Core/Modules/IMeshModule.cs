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
    /// <param name="environment">The objects that all parts of a configuration share.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="ct">Ends it.</param>
    ValueTask<IMeshes> BuildAsync(BuildEnvironment environment, ConfigProblems problems, CancellationToken ct);
}

/// <summary>The meshes of one configuration, built before its pipelines and disposed with the snapshot.</summary>
public interface IMeshes : IAsyncDisposable
{
    /// <summary>Them, for people to look at.</summary>
    IReadOnlyList<MeshModel> Models { get; }

    /// <summary>The keys that meshes publish, with their networks.</summary>
    IReadOnlyList<MeshDocument> Documents { get; }

    /// <summary>The mesh parts of a pipeline; null if there are none.</summary>
    MeshPart? PartOf(Definition<PipelineSection> pipeline);

    /// <summary>The mesh credentials of a backend's health checks, like those of its requests; null if there are none.</summary>
    /// <param name="backend">The backend's name.</param>
    IDeparture? DepartureOfChecks(string backend);

    /// <summary>Begins what goes on between requests, such as fetching keys. Called once, when the configuration goes live.</summary>
    void Activate();
}

/// <summary>The mesh parts of a pipeline.</summary>
public sealed record MeshPart
{
    /// <summary>Why the pipeline must not serve: something is missing that tells members from strangers. Null when nothing is.</summary>
    public string? Closed { get; init; }

    /// <summary>
    /// Judges requests that come by the routes of the pipeline's endpoints, and not by a URL of an ingress; null where those routes stay open to all clients.
    /// </summary>
    public IRequestMiddleware? RouteGuard { get; init; }

    /// <summary>The ingress points for members.</summary>
    public IReadOnlyList<MeshEntrance> Entrances { get; init; } = [];

    /// <summary>The mesh credentials of requests to a backend, by the backend's name.</summary>
    public IReadOnlyDictionary<string, IDeparture> Departures { get; init; } = new Dictionary<string, IDeparture>();
}

/// <summary>An ingress of a pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">The endpoint that its requests enter by; null for the pipeline's first.</param>
/// <param name="Urls">The URLs by which it is known.</param>
/// <param name="Guard">Judges its requests, before anything else does.</param>
/// <param name="ForMembersOnly">Whether each request needs a valid token.</param>
/// <param name="Location">Location in the configuration.</param>
public sealed record MeshEntrance(
    string Name, string? Endpoint, IReadOnlyList<UrlPrefix> Urls, IRequestMiddleware Guard, bool ForMembersOnly, SourceLocation Location);

/// <summary>A document that a mesh publishes, such as its keys.</summary>
/// <param name="Name">Description: <c>keys of mesh 'clinics'</c>.</param>
/// <param name="Path">Its path, without parameters.</param>
/// <param name="Networks">The networks that serve it.</param>
/// <param name="Source">Responds with it.</param>
/// <param name="Location">Location of the mesh in the configuration.</param>
public sealed record MeshDocument(string Name, string Path, IReadOnlyCollection<string> Networks, IBackend Source, SourceLocation Location);

/// <summary>The mesh credentials of a request to a URL. HTTP backends call this when the URL is known, for each attempt.</summary>
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

/// <summary>The parts of a request's URL.</summary>
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
