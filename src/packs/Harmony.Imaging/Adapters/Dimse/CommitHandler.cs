using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Network.Transport;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Storage commitment, push model (PS3.4 annex J). N-ACTION is answered at once; then the pipeline is asked by C-FIND whether the backend has each object,
/// and the sender is told by N-EVENT-REPORT: on an association of its own where the configuration knows where the sender listens, else on that of the
/// N-ACTION. Only what was found is reported as committed.
/// </summary>
internal sealed class CommitHandler(DimseRoute route) : INormalizedHandler
{
    /// <summary>Objects of one request: their list is held in memory.</summary>
    private const int MaxObjects = 100_000;

    /// <summary>UIDs in one query: with more a URL of DICOMweb would be longer than servers take.</summary>
    private const int MaxListed = 50;

    private const int MaxReports = 3;
    private const int MaxFailures = 3;
    private const ushort RequestCommitment = 1, AllCommitted = 1, SomeFailed = 2; // PS3.4 tables J.3-1 and J.3-2

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly DicomClient _client = new(new ClientOptions { Artim = route.Endpoint.Settings.Acceptor.Artim, TimeProvider = route.Clock });

    public ValueTask<NormalizedResult> PerformAsync(NormalizedOperation operation, CancellationToken ct)
    {
        if (operation.Request is not NActionRequest action) throw new DimseException(DimseStatus.UnrecognizedOperation);
        if (action.SopClassUid != Uid.StorageCommitmentPushModelSOPClass) throw new DimseException(DimseStatus.NoSuchSopClass);
        if (action.SopInstanceUid != Uid.StorageCommitmentPushModelSOPInstance) throw new DimseException(DimseStatus.NoSuchSopInstance);
        if (action.ActionTypeId != RequestCommitment) throw new DimseException(DimseStatus.NoSuchActionType);
        if (operation.DataSet?.GetString(DicomTag.TransactionUID) is not { } transaction || !Uid.IsTolerable(transaction))
        {
            throw new DimseException(DimseStatus.InvalidArgumentValue, "(0008,1195) must be a UID");
        }

        var items = operation.DataSet.GetItems(DicomTag.ReferencedSOPSequence);
        if (items.Count == 0) throw new DimseException(DimseStatus.InvalidArgumentValue, "(0008,1199) names no object");
        if (items.Count > MaxObjects) throw new DimseException(DimseStatus.ResourceLimitation, $"more than {MaxObjects} objects in one request");
        var asked = items.Select(Named.Of).ToList();
        if (asked.Any(o => !Uid.IsTolerable(o.SopClassUid) || !Uid.IsTolerable(o.SopInstanceUid)))
        {
            throw new DimseException(DimseStatus.InvalidArgumentValue, "(0008,1199) names an object by what is no UID");
        }

        return new(new NormalizedResult(DimseResult.Success)
        {
            Then = (reporter, stopped) => CheckAndReportAsync(operation.Association, transaction, asked, reporter, stopped),
        });
    }

    private async Task CheckAndReportAsync(AssociationInfo association, string transaction, List<Named> asked, EventReporter reporter, CancellationToken ct)
    {
        try
        {
            var outcome = await CheckAsync(association, asked, ct);
            var failed = outcome.Count(o => o.Failure is not null);
            var request = new NEventReportRequest
            {
                SopClassUid = Uid.StorageCommitmentPushModelSOPClass,
                SopInstanceUid = Uid.StorageCommitmentPushModelSOPInstance,
                EventTypeId = failed == 0 ? AllCommitted : SomeFailed,
            };
            await ReportAsync(association, request, Information(association, transaction, outcome), reporter, ct);
            DimseLog.Committed(route.Logger, route.Target.Pipeline.Name, association.CallingAeTitle, outcome.Count - failed, failed);
        }
        catch (Exception e) when (e is DicomNetworkException or OperationCanceledException)
        {
            var reason = ct.IsCancellationRequested ? "the gateway stops" : e.Message;
            DimseLog.CommitmentUntold(route.Logger, route.Target.Pipeline.Name, association.CallingAeTitle, reason);
        }
    }

    /// <summary>The objects that exist. For servers without lists of UIDs, each object is searched for alone.</summary>
    private async Task<List<(Named Object, DimseStatus? Failure)>> CheckAsync(AssociationInfo association, List<Named> asked, CancellationToken ct)
    {
        var found = new Dictionary<string, string?>(StringComparer.Ordinal);
        var answered = new HashSet<string>(StringComparer.Ordinal); // objects of which the backend has said whether it has them
        var failures = 0; // in a row: a backend that is down is not asked for each of thousands
        foreach (var some in asked.Select(o => o.SopInstanceUid).Distinct(StringComparer.Ordinal).Chunk(MaxListed))
        {
            await AskAsync(some);
            foreach (var missing in some.Where(uid => some.Length > 1 && !found.ContainsKey(uid))) await AskAsync([missing]);
        }

        return [.. asked.Select(o => (o, FailureOf(o)))];

        async ValueTask AskAsync(string[] uids)
        {
            if (failures == MaxFailures) return;
            var isAnswered = await FindAsync(association, uids, found, ct);
            failures = isAnswered ? 0 : failures + 1;
            // One that a list does not find may be there all the same.
            if (uids.Length == 1 && isAnswered) answered.Add(uids[0]);
        }

        DimseStatus? FailureOf(Named named)
        {
            if (found.TryGetValue(named.SopInstanceUid, out var sopClass))
            {
                return sopClass is null || sopClass == named.SopClassUid ? null : DimseStatus.ClassInstanceConflict;
            }

            return answered.Contains(named.SopInstanceUid) ? DimseStatus.NoSuchSopInstance : DimseStatus.ProcessingFailure;
        }
    }

    /// <returns>Whether the backend has answered.</returns>
    private async ValueTask<bool> FindAsync(AssociationInfo association, string[] uids, Dictionary<string, string?> found, CancellationToken ct)
    {
        var identifier = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "IMAGE").Set(DicomTag.SOPClassUID)
            .Set(ReceivedUids.Of(DicomTag.SOPInstanceUID, string.Join('\\', uids))).Build();
        await using var exchange = new DimseExchange(route, DimseOperation.Find, association);
        try
        {
            var response = await exchange.RunAsync(RequestReader.Objects(exchange, route, association, identifier, ct), ct);
            await foreach (var match in FoundDataSets.ReadAsync(response, route.Endpoint.Settings.MaxBody, ct))
            {
                if (match.GetString(DicomTag.SOPInstanceUID) is { } uid && uids.Contains(uid, StringComparer.Ordinal))
                {
                    found[uid] = match.GetString(DicomTag.SOPClassUID);
                }
            }

            exchange.Succeeded();
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            exchange.Failed(e, ct);
            return false;
        }
    }

    private async Task ReportAsync(
        AssociationInfo association, NEventReportRequest request, DicomDataSet information, EventReporter reporter, CancellationToken ct)
    {
        if (route.Endpoint.Settings.Destinations.Find(association.CallingAeTitle) is not { } peer)
        {
            if (!reporter.IsOpen)
            {
                throw new ConnectionFailedException(
                    $"its association has ended, and neither aet_table, [dicom.destinations] nor [peers] say where '{association.CallingAeTitle}' listens");
            }

            Check(await reporter.ReportAsync(request, information, ct));
            return;
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                // The gateway is the SCP of the service even on its own association: PS3.4 §J.3.3.1.
                ContextProposal[] contexts = [ContextProposal.For(request.SopClassUid) with { IsScu = false, IsScp = true }];
                await using var own = await _client.ConnectAsync(peer, contexts, ct);
                Check((await own.InvokeAsync(request, information, ct)).Response.Result);
                return;
            }
            catch (DicomNetworkException) when (tries < MaxReports)
            {
                await Task.Delay(Pause, route.Clock, ct);
            }
        }
    }

    private static void Check(DimseResult result)
    {
        if (result.Status.IsFailure) throw new DimseException(result);
    }

    private static DicomDataSet Information(AssociationInfo association, string transaction, List<(Named Object, DimseStatus? Failure)> outcome)
    {
        var information = new DicomDataSetBuilder();
        information.Set(ReceivedUids.Of(DicomTag.TransactionUID, transaction)).Set(DicomTag.RetrieveAETitle, association.CalledAeTitle);
        Add(DicomTag.FailedSOPSequence, outcome.Where(o => o.Failure is not null));
        Add(DicomTag.ReferencedSOPSequence, outcome.Where(o => o.Failure is null));
        return information.Build();

        void Add(DicomTag sequence, IEnumerable<(Named Object, DimseStatus? Failure)> some)
        {
            DicomDataSet[] items = [.. some.Select(o => Item(information, o.Object, o.Failure))];
            if (items.Length > 0) information.Set(sequence, items);
        }
    }

    private static DicomDataSet Item(DicomDataSetBuilder information, Named named, DimseStatus? failure)
    {
        var item = information.CreateItem();
        item.Set(ReceivedUids.Of(DicomTag.ReferencedSOPClassUID, named.SopClassUid))
            .Set(ReceivedUids.Of(DicomTag.ReferencedSOPInstanceUID, named.SopInstanceUid));
        if (failure is { } reason) item.Set(DicomTag.FailureReason, reason.Code);
        return item.Build();
    }

    private sealed record Named(string SopClassUid, string SopInstanceUid)
    {
        public static Named Of(DicomDataSet item)
            => new(item.GetString(DicomTag.ReferencedSOPClassUID) ?? "", item.GetString(DicomTag.ReferencedSOPInstanceUID) ?? "");
    }
}
