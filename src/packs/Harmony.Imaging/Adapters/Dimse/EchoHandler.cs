using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Answers C-ECHO: the gateway is there. No pipeline runs, as it would have nothing to do.</summary>
internal sealed class EchoHandler(DimseRoute route) : IEchoHandler
{
    public async ValueTask<DimseResult> EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct)
    {
        await using var exchange = new DimseExchange(route, DimseOperation.Echo, operation.Association);
        exchange.Succeeded();
        return DimseResult.Success;
    }
}
