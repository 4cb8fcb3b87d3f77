using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>Puts what a snapshot knows about itself into the words of <see cref="Explanation"/>.</summary>
internal static class Explainer
{
    public static Explanation Explain(GatewaySnapshot snapshot, ModuleRegistry registry)
    {
        var config = snapshot.Config;
        var bindings = registry.Adapters.SelectMany(a => a.BindingsOf(snapshot)).ToLookup(b => b.Network, StringComparer.Ordinal);
        return new Explanation(
            config.MainFile,
            config.Proxy.Id,
            config.Proxy.Name,
            [.. config.Files.Select(f => f.Name)],
            config.UsedVariables,
            [.. snapshot.Networks.Select(n => Network(n, bindings[n.Name], snapshot.Pipelines))],
            [.. snapshot.Pipelines.Select(p => Pipeline(p, new GivenOptions(config, registry, p.Name)))]);
    }

    private static ExplainedNetwork Network(NetworkModel network, IEnumerable<ListenerBinding> bindings, IEnumerable<PipelineModel> pipelines)
    {
        var attached = pipelines.Where(p => p.Networks.Contains(network.Name)).ToList();
        return new ExplainedNetwork(
            network.Name,
            [.. bindings.Select(b => Listener(b, network.Section.TcpConfig))],
            network.Section.TrustedProxies,
            [.. attached.SelectMany(Routes)],
            [.. attached.Select(p => p.Name)]);
    }

    private static ExplainedListener Listener(ListenerBinding binding, TcpConfigSection? tcp)
    {
        if (binding.Protocol != "http") return new ExplainedListener(binding.Protocol, binding.Url, false, null, false, false);
        var tls = tcp?.CertPath is not null;
        return new ExplainedListener(binding.Protocol, binding.Url, tls, tcp?.CertPath, tcp is { ForceHttps: true } && !tls, tcp is { H2c: true } && !tls);
    }

    private static ExplainedPipeline Pipeline(PipelineModel pipeline, GivenOptions options) => new(
        pipeline.Name,
        pipeline.Description,
        pipeline.InactiveReason is null,
        pipeline.InactiveReason,
        pipeline.Networks,
        [.. pipeline.Endpoints.Select(e => new ExplainedEndpoint(e.Name, e.Service, e.Protocol, Routes(e, pipeline), options.OfEndpoint(e.Name, e.Service)))],
        [.. pipeline.Left.Select(s => Step(s, options))],
        [.. pipeline.Backends.Select(b => Backend(b, options))],
        [.. pipeline.Right.Select(s => Step(s, options))]);

    private static IEnumerable<ExplainedRoute> Routes(PipelineModel pipeline) => pipeline.Endpoints.SelectMany(e => Routes(e, pipeline));

    private static List<ExplainedRoute> Routes(EndpointModel endpoint, PipelineModel pipeline)
        => [.. endpoint.Claims.Select(c => new ExplainedRoute(c.Method, c.Pattern.Text, c.IsPrefix, endpoint.Name, endpoint.Service, pipeline.Name))];

    /// <summary>A step describes itself as <c>name (type)</c>, or by the type alone where the two are the same.</summary>
    private static ExplainedStep Step(string step, GivenOptions options)
    {
        var bracket = step.LastIndexOf(" (", StringComparison.Ordinal);
        var (name, type) = bracket < 0 ? (step, step) : (step[..bracket], step[(bracket + 2)..^1]);
        return new ExplainedStep(name, type, options.OfMiddleware(name, type));
    }

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
