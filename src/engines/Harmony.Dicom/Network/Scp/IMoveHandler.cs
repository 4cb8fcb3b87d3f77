using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs C-MOVE.</summary>
public interface IMoveHandler
{
    /// <summary>Finds the objects and the way to the destination; throws with <see cref="DimseStatus.MoveDestinationUnknown"/> if there is none.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response, before anything was sent; any other exception is C000.</exception>
    ValueTask<MoveRetrieval> MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct);
}
