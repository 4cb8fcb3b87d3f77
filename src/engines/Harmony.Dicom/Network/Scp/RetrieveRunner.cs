using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>C-GET and C-MOVE with their C-STORE sub-operations: PS3.7 §9.1.3, §9.1.4; PS3.4 §C.4.2, §C.4.3.</summary>
internal static class RetrieveRunner
{
    public static async Task<FinalResponse> GetAsync(OperationScope scope, CGetRequest request, IGetHandler handler)
    {
        var identifier = await scope.ReadIdentifierAsync();
        var operation = new QueryOperation<CGetRequest>(request, identifier, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        await using var retrieval = await handler.GetAsync(operation, scope.Stopped);
        var destination = new SameAssociation(scope.Session, scope.Association);
        return await RunAsync(scope, retrieval, i => destination.StoreAsync(i, null, scope.Session.Ended),
            (result, counts) => request.Respond(result) with { SubOperations = counts });
    }

    public static async Task<FinalResponse> MoveAsync(OperationScope scope, CMoveRequest request, IMoveHandler handler)
    {
        var identifier = await scope.ReadIdentifierAsync();
        var operation = new QueryOperation<CMoveRequest>(request, identifier, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        await using var retrieval = await handler.MoveAsync(operation, scope.Stopped);
        var originator = new MoveOriginator(scope.Association.CallingAeTitle, request.MessageId);
        return await RunAsync(scope, retrieval, i => retrieval.Destination.StoreAsync(i, originator, scope.Session.Ended),
            (result, counts) => request.Respond(result) with { SubOperations = counts });
    }

    private static async Task<FinalResponse> RunAsync(
        OperationScope scope, Retrieval retrieval, Func<SopInstance, ValueTask<DimseResult>> store, Func<DimseResult, SubOperations, DimseResponse> respond)
    {
        var progress = new RetrieveProgress(retrieval.Count);
        try
        {
            await foreach (var instance in retrieval.Instances.WithCancellation(scope.Stopped))
            {
                scope.Stopped.ThrowIfCancellationRequested();
                progress.Add(instance, await TryStoreAsync(instance, store, scope.Stopped));
                if (progress.Remaining > 0) await scope.SendAsync(respond(DimseStatus.Pending, progress.Counts(withRemaining: true)), null);
            }

            return Final(progress.Result, withRemaining: false);
        }
        catch (OperationCanceledException) when (scope.Incoming.CancelRequested.IsCancellationRequested)
        {
            return Final(DimseStatus.Cancel, withRemaining: true);
        }

        FinalResponse Final(DimseResult result, bool withRemaining)
        {
            retrieval.OnEnded?.Invoke(result);
            return new FinalResponse(respond(result, progress.Counts(withRemaining)), progress.FailedList());
        }
    }

    /// <summary>One object that cannot be sent is no reason not to send the others.</summary>
    private static async ValueTask<DimseResult> TryStoreAsync(SopInstance instance, Func<SopInstance, ValueTask<DimseResult>> store, CancellationToken ct)
    {
        try
        {
            return await store(instance);
        }
        catch (DimseException e)
        {
            return e.Result;
        }
        catch (Exception e) when (e is DicomNetworkException or IOException or Coding.DicomFormatException && !ct.IsCancellationRequested)
        {
            return DimseStatus.UnableToProcess;
        }
    }
}

/// <summary>Counts sub-operations.</summary>
internal sealed class RetrieveProgress(int count)
{
    private readonly List<string> _failed = [];
    private int _completed;
    private int _warnings;

    /// <summary>How many are left, as far as that is known.</summary>
    public int Remaining => Math.Max(0, count - _completed - _warnings - _failed.Count);

    /// <summary>What the operation ends with: PS3.4 table C.4-2, C.4-3.</summary>
    public DimseResult Result
    {
        get
        {
            if (_failed.Count == 0 && _warnings == 0) return DimseResult.Success;
            return _completed == 0 && _warnings == 0
                ? new DimseResult(DimseStatus.OutOfResourcesSubOperations, "no object could be sent")
                : DimseStatus.SubOperationsWithFailures;
        }
    }

    public void Add(SopInstance instance, DimseResult result)
    {
        if (result.Status.IsSuccess) _completed++;
        else if (result.Status.IsWarning) _warnings++;
        else _failed.Add(instance.SopInstanceUid);
    }

    public SubOperations Counts(bool withRemaining) => new(withRemaining ? Remaining : null, _completed, _failed.Count, _warnings);

    /// <summary>(0008,0058), the objects that failed; null if none did.</summary>
    public DicomDataSet? FailedList()
        => _failed.Count == 0 ? null : new DicomDataSetBuilder().Set(DicomTag.FailedSOPInstanceUIDList, [.. _failed]).Build();
}
