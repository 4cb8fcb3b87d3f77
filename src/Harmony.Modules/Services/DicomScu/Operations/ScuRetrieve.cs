using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Modules.Dicom;
using Harmony.Modules.Dicom.Answers;
using Harmony.Modules.Dicom.Requests;
using Harmony.Modules.Services.DicomScu.Receiving;

namespace Harmony.Modules.Services.DicomScu.Operations;

/// <summary>C-GET and C-MOVE to the gateway itself: objects come into a folder of their own.</summary>
/// <param name="node">Who is asked.</param>
/// <param name="attempts">Rents associations.</param>
/// <param name="find">Looks up what an identifier does not name by unique keys.</param>
/// <param name="receiver">Where objects of a move come in.</param>
/// <param name="root">What holds the folders.</param>
internal sealed class ScuRetrieve(DicomNode node, ScuAttempts attempts, ScuFind find, MoveReceiver receiver, string root)
{
    /// <summary>Most patients, studies, series or objects that one request may retrieve.</summary>
    private const int MostEntities = 10_000;

    /// <param name="operation">Get or move.</param>
    /// <param name="request">The request.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="ct">Cancels it.</param>
    public async ValueTask<ResponseEnvelope> RunAsync(DimseOperation operation, RequestEnvelope request, DimseQuery query, CancellationToken ct)
    {
        var plans = await PlansAsync(operation, query, ct);
        if (plans.Count == 0) return NotFound(request, operation);
        var folder = new RetrievalFolder(RetrievalFolders.New(root));
        try
        {
            foreach (var plan in plans)
            {
                var result = await RetrieveAsync(operation, plan, folder, ct);
                if (result.Result.Status.IsSuccess) continue;
                return folder.Files.Count == 0 && await IsNothingAsync(plan, ct) ? NotFound(request, operation) : Failed(request, operation, folder, result);
            }
        }
        catch
        {
            folder.Delete(); // nobody is told of it
            throw;
        }

        var files = folder.Files;
        if (files.Count == 0) return NotFound(request, operation);
        return DimseAnswers.Streamed(request, RetrievedObjects.WriteAsync(operation, folder.Path, query.Identifier, files), new CancellationTokenSource());
    }

    /// <summary>
    /// What to ask for. An identifier that names more than unique keys is looked up first; for a move so is every one, for systems differ in what
    /// they answer to a move of nothing.
    /// </summary>
    private async ValueTask<IReadOnlyList<RetrievalPlan>> PlansAsync(DimseOperation operation, DimseQuery query, CancellationToken ct)
    {
        var level = query.Level ?? QueryLevels.InferRetrieved(query.Identifier) ?? QueryLevel.Study;
        if (query.Identifier.All(e => e.IsEmpty || e.Tag == DicomTag.SpecificCharacterSet))
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the identifier does not say what to retrieve: none of its keys has a value");
        }

        if (operation == DimseOperation.Get && RetrievalPlan.Direct(level, query.Identifier) is { } direct) return [direct];
        var keys = query.Identifier.ToBuilder();
        foreach (var key in RetrievalPlan.Needed(level).Where(k => !query.Identifier.Contains(k))) keys.Set(key);
        var found = await find.AllAsync(level, keys.Build(), MostEntities, ct);
        if (found.Count > MostEntities)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the identifier matches more than {MostEntities} entities; ask for fewer at a time");
        }

        return RetrievalPlan.Of(level, found);
    }

    /// <summary>Some systems call it a failure when there is nothing to retrieve. Whether that is it, a query tells.</summary>
    private async ValueTask<bool> IsNothingAsync(RetrievalPlan plan, CancellationToken ct)
    {
        try
        {
            return (await find.AllAsync(plan.Level, plan.Keys, 1, ct)).Count == 0;
        }
        catch (DicomNetworkException)
        {
            return false; // the failure stands
        }
    }

    private ValueTask<RetrieveResult> RetrieveAsync(DimseOperation operation, RetrievalPlan plan, RetrievalFolder folder, CancellationToken ct)
        => operation == DimseOperation.Get ? GetAsync(plan, folder, ct) : MoveAsync(plan, folder, ct);

    private ValueTask<RetrieveResult> GetAsync(RetrievalPlan plan, RetrievalFolder folder, CancellationToken ct)
        => attempts.RepeatableAsync(DimseOperation.Get, QueryContexts.Get, async (rented, ct) =>
        {
            var result = await rented.Association.GetAsync(QueryContexts.GetModel(plan.Level), plan.Identifier, folder, ct: ct);
            await rented.DisposeAsync();
            return result;
        }, ct);

    private async ValueTask<RetrieveResult> MoveAsync(RetrievalPlan plan, RetrievalFolder folder, CancellationToken ct)
    {
        await using var expected = await receiver.ExpectAsync(plan, folder, ct);
        return await attempts.RepeatableAsync(DimseOperation.Move, QueryContexts.Query, async (rented, ct) =>
        {
            var result = await rented.Association.MoveAsync(QueryContexts.MoveModel(plan.Level), plan.Identifier, node.LocalAeTitle, ct: ct);
            await rented.DisposeAsync();
            return result;
        }, ct);
    }

    private static ResponseEnvelope NotFound(RequestEnvelope request, DimseOperation operation)
        => DimseAnswers.Failure(request, operation, 404, DimseAnswers.NotFound);

    /// <summary>Part of a study is not the study. What has come stays, and is told of, for who can use it.</summary>
    private static ResponseEnvelope Failed(RequestEnvelope request, DimseOperation operation, RetrievalFolder folder, RetrieveResult result)
    {
        var failed = result.SubOperations.Failed;
        var error = failed > 0 ? $"{failed} objects could not be retrieved: {ScuFaults.Answer(result.Result)}" : ScuFaults.Answer(result.Result);
        var files = folder.Files;
        if (files.Count == 0) folder.Delete();
        var response = DimseAnswers.Failure(request, operation, 500, error, writer => WriteRest(writer, folder, files, result));
        response.Metadata[DicomMetadataKeys.DicomStatus] = ScuFaults.Code(result.Result.Status);
        return response;
    }

    private static void WriteRest(Utf8JsonWriter writer, RetrievalFolder folder, IReadOnlyCollection<string> files, RetrieveResult result)
    {
        writer.WriteStartArray("failed_instances");
        foreach (var uid in result.FailedSopInstanceUids) writer.WriteStringValue(uid);
        writer.WriteEndArray();
        if (files.Count == 0) return;
        writer.WriteString("folder_id", folder.Id);
        writer.WriteNumber("file_count", files.Count);
        writer.WriteString("folder_path", folder.Path);
    }
}
