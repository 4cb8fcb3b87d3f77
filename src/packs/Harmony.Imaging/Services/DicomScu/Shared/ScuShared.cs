using System.Collections.Concurrent;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Receiving;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>
/// Retrievals that several take part in. C-GET with presentation contexts for what is there, and for nothing else; where the other side does not do C-GET,
/// C-MOVE. Objects can be read as soon as each has come.
/// </summary>
internal sealed class ScuShared(ScuAttempts attempts, ScuFind find, MoveReceiver receiver, RetrievalCache cache, DimseOperation mode) : IAsyncDisposable
{
    private readonly GetSteps _steps = new(find);
    private readonly ConcurrentDictionary<SharedRetrieval, Task> _running = new();

    /// <summary>Takes part in the retrieval of a scope.</summary>
    public SharedReader Join(TargetChoice choice, RetrievalScope scope) => cache.Join(scope, (retrieval, ct) =>
    {
        var running = RunAsync(choice, retrieval, ct);
        _running[retrieval] = running;
        _ = running.ContinueWith(
            _ => _running.TryRemove(retrieval, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    });

    /// <summary>
    /// Ends the retrievals of this backend: at once if they have no readers, else at their end, because requests of the next configuration may take part in
    /// them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var retrieval in _running.Keys) retrieval.CancelUnlessRead();
        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(TargetChoice choice, SharedRetrieval retrieval, CancellationToken ct)
    {
        var plan = PlanOf(retrieval.Scope);
        var copy = 0;
        retrieval.Folder.OnSaved = async (file, meta, inner) =>
        {
            var shared = new SharedObject(
                file, new FileInfo(file).Length, meta.MediaStorageSopInstanceUid!, meta.TransferSyntax!,
                retrieval.Scope.Series, $"{retrieval.Folder.Id}-{Interlocked.Increment(ref copy)}");
            retrieval.Add(shared);
            await cache.WaitForRoomAsync(retrieval, inner);
        };
        var result = await RetrieveAsync(choice, retrieval, plan, ct);
        if (!result.Result.Status.IsSuccess) throw new DimseException(result.Result);
    }

    private async ValueTask<RetrieveResult> RetrieveAsync(TargetChoice choice, SharedRetrieval retrieval, RetrievalPlan plan, CancellationToken ct)
    {
        if (mode == DimseOperation.Move) return await MoveAsync(choice, retrieval, plan, ct);
        try
        {
            var result = await GetAsync(choice, retrieval, plan, ct);
            if (!IsRefused(result) || retrieval.Count > 0) return result;
        }
        catch (NoPresentationContextException)
        {
            // It has no C-GET.
        }

        return await MoveAsync(choice, retrieval, plan, ct);
    }

    private async ValueTask<RetrieveResult> GetAsync(TargetChoice choice, SharedRetrieval retrieval, RetrievalPlan plan, CancellationToken ct)
    {
        RetrieveResult? result = null;
        foreach (var step in await _steps.OfAsync(choice, retrieval.Scope, plan, ct))
        {
            result = await GetAsync(choice, retrieval, step, ct);
            if (!result.Result.Status.IsSuccess) break;
        }

        return result!;
    }

    private async ValueTask<RetrieveResult> GetAsync(TargetChoice choice, SharedRetrieval retrieval, GetStep step, CancellationToken ct)
    {
        var plan = step.Plan;
        return await attempts.RepeatableAsync(DimseOperation.Get, choice, step.Contexts, async (rented, inner) =>
        {
            var before = retrieval.Count;
            try
            {
                var got = await rented.Association.GetAsync(QueryContexts.GetModel(plan.Level), plan.Identifier, retrieval.Folder, ct: inner);
                await rented.DisposeAsync();
                return got;
            }
            catch (DicomNetworkException e) when (retrieval.Count > before)
            {
                throw new RetrievalBrokenException(e); // what has come has been read: another try would bring it twice
            }
        }, ct);
    }

    private ValueTask<RetrieveResult> MoveAsync(TargetChoice choice, SharedRetrieval retrieval, RetrievalPlan plan, CancellationToken ct)
        => attempts.RepeatableAsync(DimseOperation.Move, choice, async (target, ct) =>
        {
            await using var expected = await receiver.ExpectAsync(target.Node.Url, plan, retrieval.Folder, ct);
            return await ScuAttempts.OnAssociationAsync(target, QueryContexts.Query, async (rented, inner) =>
            {
                try
                {
                    var moved = await rented.Association.MoveAsync(
                        QueryContexts.MoveModel(plan.Level), plan.Identifier, target.Node.LocalAeTitle, messageId: expected.MessageId, ct: inner);
                    await rented.DisposeAsync();
                    return moved;
                }
                catch (DicomNetworkException e) when (retrieval.Count > 0)
                {
                    throw new RetrievalBrokenException(e);
                }
            }, ct);
        }, ct);

    private static RetrievalPlan PlanOf(RetrievalScope scope)
    {
        var keys = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, scope.Study))
            .Set(ReceivedUids.Of(DicomTag.SeriesInstanceUID, scope.Series));
        if (scope.Instance is null) return new RetrievalPlan(QueryLevel.Series, keys.Build());
        return new RetrievalPlan(QueryLevel.Image, keys.Set(ReceivedUids.Of(DicomTag.SOPInstanceUID, scope.Instance)).Build());
    }

    /// <summary>Whether the other side does not do what was asked at all, as opposed to failing at it.</summary>
    private static bool IsRefused(RetrieveResult result)
    {
        var status = result.Result.Status;
        if (result.SubOperations.Completed > 0 || !status.IsFailure) return false;
        return status == DimseStatus.SopClassNotSupported || status == DimseStatus.UnrecognizedOperation || status == DimseStatus.NoSuchSopClass
            || status == DimseStatus.OutOfResourcesSubOperations;
    }
}
