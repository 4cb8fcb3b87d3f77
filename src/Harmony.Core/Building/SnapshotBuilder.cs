using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Plugins;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Building;

/// <summary>Makes of what the user wrote a snapshot that can serve: resolves references, builds every module, lays out the routes.</summary>
/// <param name="registry">The modules there are without plug-ins.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="carried">What survives from one snapshot to the next; null where there is to be only one.</param>
public sealed class SnapshotBuilder(ModuleRegistry registry, ILoggerFactory loggers, TimeProvider clock, CarriedState? carried = null)
{
    private readonly CarriedState _carried = carried ?? new CarriedState();

    /// <summary>Builds a snapshot, or returns null when <paramref name="problems"/> has errors, of which it finds all it can.</summary>
    /// <param name="config">What the user wrote.</param>
    /// <param name="problems">Takes what is wrong with it.</param>
    /// <param name="ct">Ends it; nothing is left behind.</param>
    public async ValueTask<GatewaySnapshot?> BuildAsync(ConfigSet config, ConfigProblems problems, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(problems);
        var environment = new BuildEnvironment(config, loggers, clock) { Carried = _carried.Begin() };
        var references = new References(config, problems);
        var plugins = PluginSet.Load(config, registry, problems);
        environment.Stores = plugins.Modules.Stores;
        var instances = new Instances(plugins.Modules, environment, references, problems);
        var (networks, pipelines) = (new List<NetworkModel>(), new List<PipelineModel>());
        IMeshes? meshes = null;
        try
        {
            new RegistrationChecks(plugins.Modules, problems).Check(config);
            new SectionChecks(config, problems, plugins.Modules.Stores).Check();
            new SystemChecks(environment, references, problems).Check();
            new MeshChecks(config, problems, plugins.Modules.Mesh is not null).Check();
            if (plugins.Modules.Mesh is { } module) environment.Meshes = meshes = await module.BuildAsync(environment, problems, ct);
            var mesh = new MeshMembers(config, meshes);
            var drafts = new NetworkBuilder(environment, plugins.Modules.Adapters, problems).Build();
            foreach (var definition in config.Pipelines.Unique(problems))
            {
                ct.ThrowIfCancellationRequested();
                if (new PipelineBuilder(environment, instances, drafts, mesh, problems).Build(definition) is { } model) pipelines.Add(model);
            }

            await new UnusedDefinitions(plugins.Modules, environment, instances, problems).CheckAsync(ct);
            new MeshDocuments(environment, drafts, problems).Attach(meshes);
            networks.AddRange(drafts.Values.Select(n => n.Build(problems)));
        }
        catch
        {
            // A module that fails unexpectedly must not leave the rest behind: the gateway may go on with what it had.
            await Snapshot().DisposeAsync();
            throw;
        }

        var snapshot = Snapshot();
        if (!problems.HasErrors) new ListenerChecks(problems).Check(snapshot, instances.All.OfType<IBackend>());
        if (!problems.HasErrors) return snapshot;
        await snapshot.DisposeAsync();
        return null;

        // Disposed in this order: first what was built, then what it was built with.
        GatewaySnapshot Snapshot() => new(config, networks, pipelines, [.. instances.All, .. Owned(meshes), environment.Carried, plugins])
        {
            Modules = plugins.Modules, Meshes = meshes,
        };

        static IEnumerable<object> Owned(IMeshes? meshes) => meshes is null ? [] : [meshes];
    }
}
