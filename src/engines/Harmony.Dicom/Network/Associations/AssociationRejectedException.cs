using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>The peer does not want the association.</summary>
/// <param name="rejection">Why.</param>
public sealed class AssociationRejectedException(AssociationRejection rejection) : DicomNetworkException($"the association was rejected: {rejection}")
{
    /// <summary>Why.</summary>
    public AssociationRejection Rejection { get; } = rejection;

    /// <inheritdoc/>
    public override bool IsTransient => Rejection.IsTransient;
}
