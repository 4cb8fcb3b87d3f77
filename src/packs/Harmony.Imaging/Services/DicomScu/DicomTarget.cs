using Harmony.Core.Modules;
using Harmony.Dicom.Network.Associations;
using Harmony.Http.Services.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>One DICOM system that a backend asks. Its associations and its health may outlive it.</summary>
/// <param name="node">Address and settings of the system.</param>
/// <param name="associations">The associations with it.</param>
/// <param name="silence">Whether the target responds to association requests.</param>
internal sealed class DicomTarget(DicomNode node, NodeAssociations associations, Silence silence) : Target
{
    /// <summary>Address and settings of the system.</summary>
    public DicomNode Node => node;

    /// <summary>Whether the target does not respond to association requests.</summary>
    public bool IsSilent => silence.IsKnown;

    public override string Url => node.Url;

    /// <summary>Operations under way or waiting for an association.</summary>
    public override int InFlight => associations.InUse;

    /// <summary>An association for one operation; see <see cref="NodeAssociations.RentAsync"/>.</summary>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">There is none to be had.</exception>
    public async ValueTask<RentedAssociation> RentAsync(IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        silence.Enter();
        associations.Enter();
        try
        {
            var pooled = await associations.RentAsync(contexts, ct);
            silence.Heard();
            return new RentedAssociation(this, pooled, associations);
        }
        catch (Exception e)
        {
            associations.Leave();
            silence.Note(e);
            throw;
        }
    }

    /// <summary>
    /// C-ECHO on an association of its own, so that the answer tells whether the system takes associations; the pool may be in use to the last.
    /// </summary>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">It does not answer, or with another status than success.</exception>
    public async Task EchoAsync(CancellationToken ct)
    {
        try
        {
            await associations.EchoAsync(ct);
            silence.Heard();
        }
        catch (Exception e)
        {
            silence.Note(e);
            throw;
        }
    }
}

/// <summary>C-ECHO on an association that is made for it.</summary>
/// <param name="target">The target.</param>
internal sealed class EchoCheck(DicomTarget target) : IHealthCheck
{
    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        await target.EchoAsync(ct);
        return null;
    }
}

/// <summary><c>[backends.NAME.options.health_check]</c> of <c>dicom_scu</c>: health checks of each target, by C-ECHO.</summary>
public sealed record DicomHealthCheckOptions : HealthCheckOptions
{
    /// <summary>The default: an outage of a PACS is noticed within 40 s.</summary>
    internal static readonly DicomHealthCheckOptions Usual = new() { IntervalSecs = 30, UnhealthyThreshold = 1 };

    /// <summary>Turns the health checks on.</summary>
    public bool Enabled { get; init; } = true;
}

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

    /// <summary>Health checks of the targets; empty without health checks. If the configuration has no settings for them, the first check waits.</summary>
    public IEnumerable<HealthChecker> CheckersOf(IEnumerable<DicomTarget> targets) => options.HealthCheck is { Enabled: false }
        ? []
        : targets.Select(t => new HealthChecker(
            t, new EchoCheck(t), options.HealthCheck ?? DicomHealthCheckOptions.Usual, context.Environment.Clock, _logger, waits: options.HealthCheck is null));

    private string OwnerOf(DicomNode node) => $"{context.File}/backends.{context.Name}/{node.Name}";

    private TargetHealth HealthOf(DicomNode node)
    {
        var (passive, isOnly) = (options.PassiveHealth, context.Targets.Count == 1);
        var drain = context.Environment.Carried.Get(OwnerOf(node), node.Url, () => new DrainSwitch());
        var tally = context.Environment.Carried.Get(OwnerOf(node), node.Url, () => new TargetTally());
        // What active checks found means nothing to a configuration that checks otherwise, or not at all.
        var settings = (node.Url, isOnly, passive.MaxFailures, passive.EjectionSecs, options.HealthCheck?.TimeoutSecs);
        return context.Environment.Carried.Get(OwnerOf(node), settings,
            () => new TargetHealth(passive, context.Environment.Clock, new TargetNews(_logger, context.Name, node.Name, isOnly), drain, tally));
    }
}
