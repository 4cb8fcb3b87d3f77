using Harmony.Dicom.Network.Associations;
using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>One DICOM system that a backend asks. Its associations and its health may outlive it.</summary>
/// <param name="node">Where it is, and how it is spoken to.</param>
/// <param name="associations">The associations with it.</param>
internal sealed class DicomTarget(DicomNode node, NodeAssociations associations) : Target
{
    /// <summary>Where it is, and how it is spoken to.</summary>
    public DicomNode Node => node;

    public override string Url => node.Url;

    /// <summary>Operations under way or waiting for an association.</summary>
    public override int InFlight => associations.InUse;

    /// <summary>An association for one operation; see <see cref="NodeAssociations.RentAsync"/>.</summary>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">There is none to be had.</exception>
    public async ValueTask<RentedAssociation> RentAsync(IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        associations.Enter();
        try
        {
            return new RentedAssociation(this, await associations.RentAsync(contexts, ct), associations);
        }
        catch
        {
            associations.Leave();
            throw;
        }
    }

    /// <summary>C-ECHO on an association of its own, so that the answer tells whether the system takes associations; the pool may be in use to the last.</summary>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">It does not answer, or with another status than success.</exception>
    public Task EchoAsync(CancellationToken ct) => associations.EchoAsync(ct);
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
