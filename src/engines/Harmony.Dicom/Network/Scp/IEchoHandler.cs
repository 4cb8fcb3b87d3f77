using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Performs C-ECHO.</summary>
public interface IEchoHandler
{
    /// <summary>Answers.</summary>
    /// <exception cref="DimseException">Becomes the response.</exception>
    ValueTask<DimseResult> EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct);
}
