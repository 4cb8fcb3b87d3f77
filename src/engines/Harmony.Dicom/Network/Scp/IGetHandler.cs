using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs C-GET.</summary>
public interface IGetHandler
{
    /// <summary>Finds the objects. They are sent by C-STORE on the same association, in the presentation contexts in which the peer provides storage.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response, before anything was sent; any other exception is C000.</exception>
    ValueTask<Retrieval> GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct);
}
