using System.Collections.Concurrent;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
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
    private const int MostClasses = 100;

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
    /// Ends the retrievals of this backend: at once where nobody reads, else when they are over, since requests of the next configuration may take part in
    /// them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var retrieval in _running.Keys.Where(r => !r.HasReaders)) retrieval.Cancel();
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
            if (!IsRefused(result) || retrieval.Length > 0) return result;
        }
        catch (NoPresentationContextException)
        {
            // It has no C-GET.
        }

        return await MoveAsync(choice, retrieval, plan, ct);
    }

    private async ValueTask<RetrieveResult> GetAsync(TargetChoice choice, SharedRetrieval retrieval, RetrievalPlan plan, CancellationToken ct)
    {
        var contexts = await ContextsAsync(choice, retrieval.Scope, ct);
        return await attempts.RepeatableAsync(DimseOperation.Get, choice, contexts, async (rented, inner) =>
        {
            var before = retrieval.Length;
            try
            {
                var got = await rented.Association.GetAsync(QueryContexts.GetModel(plan.Level), plan.Identifier, retrieval.Folder, ct: inner);
                await rented.DisposeAsync();
                return got;
            }
            catch (DicomNetworkException e) when (retrieval.Length > before)
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
                catch (DicomNetworkException e) when (retrieval.Length > 0)
                {
                    throw new RetrievalBrokenException(e);
                }
            }, ct);
        }, ct);

    /// <summary>Contexts for the SOP classes that are there: those of the study, or else of each object; the common ones where nothing tells.</summary>
    private async ValueTask<IReadOnlyList<ContextProposal>> ContextsAsync(TargetChoice choice, RetrievalScope scope, CancellationToken ct)
    {
        var classes = await ClassesAsync(choice, scope, ct);
        if (classes.Count == 0) return QueryContexts.Get;
        return
        [
            ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel),
            .. StorageContexts.ToReceiveOf(classes),
        ];
    }

    private async ValueTask<IReadOnlyList<string>> ClassesAsync(TargetChoice choice, RetrievalScope scope, CancellationToken ct)
    {
        var ofStudy = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, scope.Study)).Set(DicomTag.SOPClassesInStudy).Build();
        var studies = await find.AllAsync(choice, QueryLevel.Study, ofStudy, 1, ct);
        var told = studies.SelectMany(s => s.GetStrings(DicomTag.SOPClassesInStudy)).Where(c => Uid.IsValid(c)).Distinct(StringComparer.Ordinal);
        var ofStudies = told.Take(MostClasses + 1).ToList();
        if (ofStudies.Count is > 0 and <= MostClasses) return ofStudies;
        var ofObjects = PlanOf(scope).Keys.ToBuilder().Set(DicomTag.SOPClassUID);
        if (scope.Instance is null) ofObjects.Set(DicomTag.SOPInstanceUID);
        var matches = await find.BeginAsync(choice, QueryLevel.Image, ofObjects.Build(), ct);
        var found = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var match in matches.WithCancellation(ct))
        {
            if (match.GetString(DicomTag.SOPClassUID) is { } uid && Uid.IsValid(uid)) found.Add(uid);
            if (found.Count == MostClasses) break;
        }

        return [.. found];
    }

    private static RetrievalPlan PlanOf(RetrievalScope scope)
    {
        var keys = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, scope.Study))
            .Set(ReceivedUids.Of(DicomTag.SeriesInstanceUID, scope.Series));
        if (scope.Instance is null) return new RetrievalPlan(QueryLevel.Series, keys.Build());
        return new RetrievalPlan(QueryLevel.Image, keys.Set(ReceivedUids.Of(DicomTag.SOPInstanceUID, scope.Instance)).Build());
    }

    /// <summary>Whether the other side does not do what was asked at all, as opposed to failing at it.</summary>
    private static bool IsRefused(RetrieveResult result)
        => result.SubOperations.Completed == 0 && result.Result.Status.IsFailure && result.Result.Status is var status
            && (
                status == DimseStatus.SopClassNotSupported || status == DimseStatus.UnrecognizedOperation || status == DimseStatus.NoSuchSopClass
                    || status == DimseStatus.OutOfResourcesSubOperations);
}
