using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Sends the objects of a C-GET to who asks for them.</summary>
internal sealed class SameAssociation(DimseSession session, AssociationInfo association) : IStoreDestination
{
    public ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
        => StoreSender.StoreAsync(session, association, instance, originator, DimsePriority.Medium, ct);
}
