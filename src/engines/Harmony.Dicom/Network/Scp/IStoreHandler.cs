using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs C-STORE.</summary>
public interface IStoreHandler
{
    /// <summary>Takes an object. Success is answered when this returns it, so the object should be safe by then.</summary>
    /// <param name="operation">The request, with the object's bytes as they come.</param>
    /// <param name="ct">Trips when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response; any other exception is C000.</exception>
    ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct);
}
