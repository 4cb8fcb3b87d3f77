using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Where objects of a C-MOVE go.</summary>
public interface IStoreDestination
{
    /// <summary>Stores one object.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="originator">Whose C-MOVE it is part of.</param>
    /// <param name="ct">Trips when the association of the C-MOVE ends; a C-CANCEL lets this object be stored and no further one.</param>
    /// <returns>How it went. An exception counts as a failure of this object.</returns>
    ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default);
}
