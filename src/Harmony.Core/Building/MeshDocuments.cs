using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>Attaches what meshes publish to the networks that serve it: a route of its own, open to all clients.</summary>
internal sealed class MeshDocuments(BuildEnvironment environment, IReadOnlyDictionary<string, NetworkDraft> networks, ConfigProblems problems)
{
    public void Attach(IMeshes? meshes)
    {
        foreach (var document in meshes?.Documents ?? []) Attach(document);
    }

    private void Attach(MeshDocument document)
    {
        if (!RoutePattern.TryParse(document.Path, out var pattern, out var error))
        {
            problems.Error(document.Location, $"'publish_jwks' is not a path: {error}");
            return;
        }

        var endpoint = new DocumentEndpoint([new EndpointRoute(pattern, IsPrefix: false, "GET"), new EndpointRoute(pattern, IsPrefix: false, "HEAD")]);
        var pipeline = new Pipeline.Pipeline(new PipelineParts
        {
            Name = document.Name, Limits = environment.Limits, Backends = [new NamedBackend(document.Name, document.Source)],
        });
        foreach (var name in document.Networks)
        {
            if (!networks.TryGetValue(environment.Config.Networks.Bare(name), out var network)) continue;
            var metrics = new RouteMetrics(network.Name, document.Name, document.Name, pipeline.BackendNames);
            network.Attach(new RouteTarget(pipeline, document.Name, endpoint) { Metrics = metrics }, document.Location, problems);
        }
    }

    private sealed class DocumentEndpoint(IReadOnlyList<EndpointRoute> routes) : IEndpoint
    {
        public string Protocol => "http";

        public IReadOnlyList<EndpointRoute> Routes { get; } = routes;
    }
}
