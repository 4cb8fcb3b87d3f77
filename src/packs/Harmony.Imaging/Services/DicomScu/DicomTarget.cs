using Harmony.Dicom.Network.Associations;
using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>One DICOM system that a backend asks. Its associations and its health may outlive it.</summary>
/// <param name="node">Where it is, and how it is spoken to.</param>
/// <param name="associations">The associations with it.</param>
/// <param name="silence">Whether it answers those who ask for an association.</param>
internal sealed class DicomTarget(DicomNode node, NodeAssociations associations, Silence silence) : Target
{
    /// <summary>Where it is, and how it is spoken to.</summary>
    public DicomNode Node => node;

    /// <summary>Whether it lets requests wait in vain.</summary>
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

    /// <summary>C-ECHO on an association of its own, so that the answer tells whether the system takes associations; the pool may be in use to the last.</summary>
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
/// <param name="target">Whom to ask.</param>
internal sealed class EchoCheck(DicomTarget target) : IHealthCheck
{
    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        await target.EchoAsync(ct);
        return null;
    }
}

/// <summary><c>[backends.NAME.options.health_check]</c> of <c>dicom_scu</c>: asks each target regularly whether it is well.</summary>
public sealed record DicomHealthCheckOptions : HealthCheckOptions
{
    /// <summary>What counts where a configuration says nothing: a PACS that goes at night is known to be gone within 40 s.</summary>
    internal static readonly DicomHealthCheckOptions Usual = new() { IntervalSecs = 30, UnhealthyThreshold = 1 };

    /// <summary>Whether targets are asked at all.</summary>
    public bool Enabled { get; init; } = true;
}
