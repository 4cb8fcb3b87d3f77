using Harmony.Core.Modules;
using Harmony.Http.Services.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>
/// Makes the targets of a backend; associations and health are those of the configuration before where that asked for the same.
/// What is wrong goes to the context's problems.
/// </summary>
internal sealed class DicomTargetBuilder(DicomScuOptions options, BackendContext context)
{
    private readonly ILogger _logger = context.Environment.Loggers.CreateLogger(TargetLog.Category);

    /// <summary>The target of a node.</summary>
    public DicomTarget Build(BuiltNode built)
    {
        var node = built.Node;
        var (carried, clock) = (context.Environment.Carried, context.Environment.Clock);
        var pause = options.PassiveHealth.MaxFailures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(options.PassiveHealth.EjectionSecs);
        return new DicomTarget(node, carried.Get(OwnerOf(node), node, () => new NodeAssociations(node, built.Tls, clock)), new Silence(pause, clock))
        {
            Name = node.Name,
            Described = node.Name == context.Name ? $"the target of backend '{context.Name}'" : $"target '{node.Name}' of backend '{context.Name}'",
            Weight = built.Weight,
            Health = HealthOf(node),
        };
    }

    /// <summary>What asks them whether they are well; none where nobody asks. Where the configuration does not say how, the first question waits.</summary>
    public IEnumerable<HealthChecker> CheckersOf(IEnumerable<DicomTarget> targets) => options.HealthCheck is { Enabled: false }
        ? []
        : targets.Select(t => new HealthChecker(
            t, new EchoCheck(t), options.HealthCheck ?? DicomHealthCheckOptions.Usual, context.Environment.Clock, _logger, waits: options.HealthCheck is null));

    private string OwnerOf(DicomNode node) => $"{context.File}/backends.{context.Name}/{node.Name}";

    private TargetHealth HealthOf(DicomNode node)
    {
        var (passive, isOnly) = (options.PassiveHealth, context.Targets.Count == 1);
        var drain = context.Environment.Carried.Get(OwnerOf(node), node.Url, () => new DrainSwitch());
        // What active checks found means nothing to a configuration that checks otherwise, or not at all.
        var settings = (node.Url, isOnly, passive.MaxFailures, passive.EjectionSecs, options.HealthCheck?.TimeoutSecs);
        return context.Environment.Carried.Get(OwnerOf(node), settings, () => new TargetHealth(passive, context.Environment.Clock, new TargetNews(_logger, context.Name, node.Name, isOnly), drain));
    }
}
