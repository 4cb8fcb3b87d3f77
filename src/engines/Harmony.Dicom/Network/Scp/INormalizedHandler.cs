using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs DIMSE-N operations, e.g. the N-ACTION and N-EVENT-REPORT of storage commitment.</summary>
public interface INormalizedHandler
{
    /// <summary>Performs an operation; which one is told by the type of the request.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response; any other exception is 0110.</exception>
    ValueTask<NormalizedResult> PerformAsync(NormalizedOperation operation, CancellationToken ct);
}
