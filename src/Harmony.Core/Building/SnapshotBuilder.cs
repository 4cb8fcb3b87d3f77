using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Building;

/// <summary>Makes of what the user wrote a snapshot that can serve: resolves references, builds every module, lays out the routes.</summary>
/// <param name="registry">The modules there are.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="clock">Tells the time.</param>
public sealed class SnapshotBuilder(ModuleRegistry registry, ILoggerFactory loggers, TimeProvider clock)
{
    /// <summary>Builds a snapshot, or returns null when <paramref name="problems"/> has errors, of which it finds all it can.</summary>
    public async ValueTask<GatewaySnapshot?> BuildAsync(ConfigSet config, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(problems);
        var environment = new BuildEnvironment(config, loggers, clock);
        var references = new References(config, problems);
        var instances = new Instances(registry, environment, references, problems);

        new RegistrationChecks(registry, problems).Check(config);
        new SectionChecks(config, problems).Check();
        new SystemChecks(environment, references, problems).Check();
        new MeshChecks(config, problems).Check();
        var networks = new NetworkBuilder(environment, problems).Build();
        var pipelines = new List<PipelineModel>();
        foreach (var definition in config.Pipelines.Unique(problems))
        {
            if (new PipelineBuilder(environment, instances, networks, problems).Build(definition) is { } model) pipelines.Add(model);
        }

        var snapshot = new GatewaySnapshot(config, [.. networks.Values.Select(n => n.Build())], pipelines, instances.All);
        if (!problems.HasErrors) return snapshot;
        await snapshot.DisposeAsync();
        return null;
    }
}
