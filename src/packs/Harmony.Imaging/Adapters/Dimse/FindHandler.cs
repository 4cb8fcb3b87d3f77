using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Takes queries through the pipeline and sends what was found, a response for each match, as it comes.</summary>
internal sealed class FindHandler(DimseRoute route) : IFindHandler
{
    public async IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, [EnumeratorCancellation] CancellationToken ct)
    {
        var settings = route.Endpoint.Settings;
        var canRetrieve = settings.Operations.Contains(DimseOperation.Get) || settings.Operations.Contains(DimseOperation.Move);
        var keys = new ReturnedKeys(operation.Identifier, canRetrieve ? operation.Association.CalledAeTitle : null);
        await using var exchange = new DimseExchange(route, DimseOperation.Find, operation.Association);
        var response = await exchange.TryAsync(() => RunAsync(exchange, operation, ct), ct);
        await using var found = FoundDataSets.ReadAsync(response, settings.MaxBody, ct).GetAsyncEnumerator(ct);
        for (var sent = 0; await exchange.TryAsync(found.MoveNextAsync, ct); sent++)
        {
            if (sent == settings.MaxResults) throw exchange.Failed(FoundDataSets.TooMany(), ct);
            yield return new FindMatch(keys.Of(found.Current, response.Feature<FoundCharacterSet>()?.CharacterSet));
        }

        exchange.Succeeded();
    }

    private ValueTask<ResponseEnvelope> RunAsync(DimseExchange exchange, QueryOperation<CFindRequest> operation, CancellationToken ct)
        => exchange.RunAsync(RequestReader.Query(exchange, route, DimseOperation.Find, operation, operation.Request.Priority, ct), ct);
}
