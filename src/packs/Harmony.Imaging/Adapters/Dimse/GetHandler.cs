using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Takes retrievals through the pipeline and sends the objects back on the same association.</summary>
internal sealed class GetHandler(DimseRoute route) : IGetHandler
{
    public async ValueTask<Retrieval> GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct)
    {
        var exchange = new DimseExchange(route, DimseOperation.Get, operation.Association);
        try
        {
            var settings = route.Endpoint.Settings;
            var response = await exchange.RunAsync(RequestReader.Query(exchange, route, DimseOperation.Get, operation, operation.Request.Priority, ct), ct);
            var objects = await AnsweredObjects.ReadAsync(response, settings.WorkFolder, settings.MaxBody, settings.Transcoding, ct);
            return new Retrieval
            {
                Count = objects.Instances.Count,
                Instances = objects.Instances.ToAsyncEnumerable(),
                OnEnded = exchange.Ended,
                OnDispose = async () =>
                {
                    await objects.DisposeAsync();
                    await exchange.DisposeAsync();
                },
            };
        }
        catch (Exception e)
        {
            var failure = exchange.Failed(e, ct);
            await exchange.DisposeAsync();
            throw failure;
        }
    }
}
