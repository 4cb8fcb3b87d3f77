using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Takes objects through the pipeline as they come. Success is answered when the backend has answered it.</summary>
internal sealed class StoreHandler(DimseRoute route) : IStoreHandler
{
    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        await using var exchange = new DimseExchange(route, DimseOperation.Store, operation.Association);
        try
        {
            await using var dataSet = operation.DataSet.AsStream(leaveOpen: true);
            await using var stream = new ReceivedObjectStream(await operation.Part10HeaderAsync(), dataSet, exchange);
            var dicom = await DicomObject.ReadAsync(stream, route.Endpoint.Settings.MaxHeader, RequestReader.CommandOf(operation.Request), ct);
            var response = await exchange.RunAsync(RequestReader.Store(exchange, route, operation, dicom, ct), ct);
            exchange.Succeeded();
            return DimseStatuses.Of(response, DimseOperation.Store);
        }
        catch (Exception e)
        {
            throw exchange.Failed(e, ct);
        }
    }
}
