using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Takes retrievals through the pipeline and sends the objects to the destination that the request names, if the configuration knows it.</summary>
internal sealed class MoveHandler(DimseRoute route) : IMoveHandler
{
    private const int MostContexts = 128; // the odd numbers of a byte: PS3.8 table 9-13

    private readonly DicomClient _client = new(new ClientOptions { Artim = route.Endpoint.Settings.Acceptor.Artim, TimeProvider = route.Clock });

    public async ValueTask<MoveRetrieval> MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct)
    {
        var exchange = new DimseExchange(route, DimseOperation.Move, operation.Association);
        AnsweredObjects? objects = null;
        try
        {
            var settings = route.Endpoint.Settings;
            var peer = settings.Destinations.Find(operation.Request.MoveDestination) ?? throw UnknownDestination(operation.Request.MoveDestination);
            var response = await exchange.RunAsync(RequestReader.Query(exchange, route, DimseOperation.Move, operation, operation.Request.Priority, ct), ct);
            objects = await AnsweredObjects.ReadAsync(response, settings.WorkFolder, settings.MaxBody, settings.Transcoding, ct);
            var destination = objects.Instances.Count == 0 ? null : await ConnectAsync(peer, ContextsFor(objects.Instances, settings.Transcoding), ct);
            return Retrieval(exchange, objects, destination);
        }
        catch (Exception e)
        {
            var failure = exchange.Failed(e, ct);
            if (objects is not null) await objects.DisposeAsync();
            await exchange.DisposeAsync();
            throw failure;
        }
    }

    private static MoveRetrieval Retrieval(DimseExchange exchange, AnsweredObjects objects, MoveDestination? destination) => new()
    {
        Count = objects.Instances.Count,
        Instances = objects.Instances.ToAsyncEnumerable(),
        Destination = destination ?? (IStoreDestination)new Nowhere(),
        OnEnded = exchange.Ended,
        OnDispose = async () =>
        {
            if (destination is not null) await destination.DisposeAsync();
            await objects.DisposeAsync();
            await exchange.DisposeAsync();
        },
    };

    private DimseException UnknownDestination(string aeTitle)
    {
        DimseLog.UnknownDestination(route.Logger, route.Target.Pipeline.Name, aeTitle, route.Target.EndpointName);
        return new DimseException(DimseStatus.MoveDestinationUnknown);
    }

    private async ValueTask<MoveDestination> ConnectAsync(DicomPeer peer, IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        try
        {
            return await MoveDestination.ConnectAsync(_client, peer, contexts, ct);
        }
        catch (DicomNetworkException e)
        {
            DimseLog.DestinationFailed(route.Logger, route.Target.Pipeline.Name, peer.CalledAeTitle, e.Message);
            throw new DimseException(DimseStatus.OutOfResourcesSubOperations, "no association with the destination", e);
        }
    }

    /// <summary>
    /// One context for each kind of object in each of its encodings, and then for each that it can be encoded in anew; what is not compressed may be sent in
    /// another encoding as well.
    /// </summary>
    private static List<ContextProposal> ContextsFor(IReadOnlyList<SopInstance> instances, ObjectTranscoding? transcoding)
    {
        var kinds = instances.DistinctBy(i => (i.SopClassUid, i.TransferSyntax.Uid)).ToList();
        var own = kinds.Select(i => new ContextProposal(i.SopClassUid, i.TransferSyntax.IsEncapsulated
            ? [i.TransferSyntax]
            : [.. ContextProposal.Uncompressed.Prepend(i.TransferSyntax).DistinctBy(s => s.Uid)]));
        var others = kinds.SelectMany(i => (transcoding?.TargetsOf(i.TransferSyntax) ?? []).Select(target => (i.SopClassUid, Target: target)))
            .DistinctBy(o => (o.SopClassUid, o.Target.Uid)).Select(o => new ContextProposal(o.SopClassUid, [o.Target]));
        return [.. own.Concat(others).Take(MostContexts)];
    }

    /// <summary>The destination of no objects.</summary>
    private sealed class Nowhere : IStoreDestination
    {
        public ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
            => new(DimseStatus.ProcessingFailure);
    }
}
