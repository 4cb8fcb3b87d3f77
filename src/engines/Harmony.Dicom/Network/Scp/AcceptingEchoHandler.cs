using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Says that it is there.</summary>
internal sealed class AcceptingEchoHandler : IEchoHandler
{
    public ValueTask<DimseResult> EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct) => new(DimseResult.Success);
}
