using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs C-FIND.</summary>
public interface IFindHandler
{
    /// <summary>Finds matches; each is sent (FF00, FF01) before the next is asked for. After the last, success is answered.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the last response; any other exception is C000.</exception>
    IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, CancellationToken ct);
}
