using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Http.Adapters.Http;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>Puts what a snapshot knows about itself into the words of <see cref="Explanation"/>.</summary>
internal static class Explainer
{
    public static Explanation Explain(GatewaySnapshot snapshot)
    {
        var config = snapshot.Config;
        var bindings = snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).ToLookup(b => b.Network, StringComparer.Ordinal);
        return new Explanation(
            config.MainFile,
            config.Proxy.Id,
            config.Proxy.Name,
            [.. config.Files.Select(f => f.Name)],
            config.UsedVariables,
            [.. snapshot.Networks.Select(n => Network(n, bindings[n.Name], snapshot.Pipelines))],
            [.. snapshot.Pipelines.Select(p => Pipeline(p, new GivenOptions(config, snapshot.Modules, p.Name)))],
            [.. (snapshot.Meshes?.Models ?? []).Select(Mesh)]);
    }

    private static ExplainedMesh Mesh(MeshModel mesh)
        => new(mesh.Name, mesh.Provider, mesh.Words,
            [.. mesh.References.Select(r => new ExplainedReference(r.Kind, r.Reference, r.Meaning, r.Origin, r.Urls, r.ResolvedAt))]);

    private static ExplainedNetwork Network(NetworkModel network, IEnumerable<ListenerBinding> bindings, IEnumerable<PipelineModel> pipelines)
    {
        var attached = pipelines.Where(p => p.Networks.Contains(network.Name)).ToList();
        return new ExplainedNetwork(
            network.Name,
            [.. bindings.Select(b => Listener(b, network.Section))],
            network.Section.TrustedProxies,
            network.Section.Forwarded,
            [.. attached.SelectMany(Routes)],
            [.. attached.Select(p => p.Name)]);
    }

    private static ExplainedListener Listener(ListenerBinding binding, NetworkSection network)
    {
        if (binding is not HttpBinding http) return new ExplainedListener(binding.Protocol, binding.Url, false, null, false, false);
        if (http.IsHttp3) return new ExplainedListener("http3", binding.Url, true, network.Http3?.CertPath, false, false);
        var tcp = network.TcpConfig;
        var certificate = tcp?.CertPath ?? tcp?.Certificates.Select(c => c.CertPath).FirstOrDefault();
        return new ExplainedListener(binding.Protocol, binding.Url, http.Tls is not null, certificate, http.ForceHttps, http.H2c);
    }

    private static ExplainedPipeline Pipeline(PipelineModel pipeline, GivenOptions options) => new(
        pipeline.Name,
        pipeline.Description,
        pipeline.InactiveReason is null,
        pipeline.InactiveReason,
        pipeline.Networks,
        [.. pipeline.Endpoints.Select(
            e => new ExplainedEndpoint(e.Name, e.Service, e.Protocol, Routes(e, pipeline), e.Words, options.OfEndpoint(e.Name, e.Service)))],
        [.. pipeline.Left.Select(s => Step(s, options))],
        [.. pipeline.Backends.Select(b => Backend(b, options))],
        [.. pipeline.Right.Select(s => Step(s, options))]);

    private static IEnumerable<ExplainedRoute> Routes(PipelineModel pipeline) => pipeline.Endpoints.SelectMany(e => Routes(e, pipeline));

    private static List<ExplainedRoute> Routes(EndpointModel endpoint, PipelineModel pipeline)
        => [.. endpoint.Claims.Select(c => new ExplainedRoute(c.Method, c.Pattern.Text, c.IsPrefix, endpoint.Name, endpoint.Service, pipeline.Name))];

    private static ExplainedStep Step(StepModel step, GivenOptions options)
        => new(step.Name, step.Type, step.Words, options.OfMiddleware(step.Name, step.Type));

    private static ExplainedBackend Backend(BackendModel backend, GivenOptions options) => new(
        backend.Name,
        backend.Service,
        backend.IsDefault,
        backend.When,
        [.. backend.Facts.Targets.Select(t => new ExplainedTarget(t.Name, ShownOptions.Text(t.Url), t.Weight, t.CredentialsField))],
        backend.Facts.TimeoutSecs,
        backend.Facts.MaxRetries,
        backend.Facts.LoadBalancing,
        options.OfBackend(backend.Name, backend.Service));
}
