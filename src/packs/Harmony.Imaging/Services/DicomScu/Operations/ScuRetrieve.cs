using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Services.DicomScu.Receiving;
using Harmony.Imaging.Services.DicomScu.Retrieved;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>C-GET and C-MOVE to the gateway itself: objects come into a folder of their own.</summary>
/// <param name="attempts">Rents associations.</param>
/// <param name="find">Looks up what an identifier does not name by unique keys.</param>
/// <param name="receiver">Where objects of a move come in.</param>
/// <param name="folders">Where they go.</param>
internal sealed class ScuRetrieve(ScuAttempts attempts, ScuFind find, MoveReceiver receiver, RetrievedFolders folders)
{
    /// <summary>Most patients, studies, series or objects that one request may retrieve.</summary>
    private const int MostEntities = 10_000;

    private readonly GetSteps _steps = new(find);

    /// <param name="operation">Get or move.</param>
    /// <param name="request">The request.</param>
    /// <param name="choice">The targets.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="ct">Cancels it.</param>
    public async ValueTask<ResponseEnvelope> RunAsync(
        DimseOperation operation, RequestEnvelope request, TargetChoice choice, DimseQuery query, CancellationToken ct)
    {
        var plans = await PlansAsync(operation, choice, query, ct);
        if (plans.Count == 0) return NotFound(request, operation);
        var folder = folders.New();
        var isAnswered = false;
        try
        {
            var response = await RunAsync(operation, request, choice, query, plans, folder, ct);
            isAnswered = folder.Files.Count > 0; // nobody is told of it otherwise
            return response;
        }
        finally
        {
            if (!isAnswered) await folder.DeleteAsync();
        }
    }

    private async ValueTask<ResponseEnvelope> RunAsync(
        DimseOperation operation, RequestEnvelope request, TargetChoice choice, DimseQuery query, IReadOnlyList<RetrievalPlan> plans, RetrievalFolder folder,
        CancellationToken ct)
    {
        foreach (var plan in plans)
        {
            var result = await RetrieveAsync(operation, choice, new GetStep(plan, QueryContexts.Get), folder, ct);
            if (operation == DimseOperation.Get && result.SubOperations.Failed > 0) result = await MissingAsync(choice, plan, folder, result, ct);
            if (result.Result.Status.IsSuccess) continue;
            if (folder.Files.Count == 0 && await IsNothingAsync(choice, plan, ct)) return NotFound(request, operation);
            if (folder.Files.Count > 0) await folder.DisposeAsync(); // it stays, and is told of
            choice.Lacks($"status {result.Result.Status}");
            return Failed(request, operation, folder, result);
        }

        var files = folder.Files;
        if (files.Count == 0) return NotFound(request, operation);
        var response =
            DimseAnswers.Streamed(request, RetrievedObjects.WriteAsync(operation, folder.Path, query.Identifier, files), new CancellationTokenSource(), folder);
        response.SetFeature(new AnsweredFolder(folder.Path));
        return response;
    }

    /// <summary>
    /// What to ask for. An identifier that names more than unique keys is looked up first; for a move so is every one, for systems differ in what
    /// they answer to a move of nothing.
    /// </summary>
    private async ValueTask<IReadOnlyList<RetrievalPlan>> PlansAsync(DimseOperation operation, TargetChoice choice, DimseQuery query, CancellationToken ct)
    {
        var level = query.Level ?? QueryLevels.InferRetrieved(query.Identifier) ?? QueryLevel.Study;
        if (query.Identifier.All(e => e.IsEmpty || e.Tag == DicomTag.SpecificCharacterSet))
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the identifier does not say what to retrieve: none of its keys has a value");
        }

        if (operation == DimseOperation.Get && RetrievalPlan.Direct(level, query.Identifier) is { } direct) return [direct];
        var keys = query.Identifier.ToBuilder();
        foreach (var key in RetrievalPlan.Needed(level).Where(k => !query.Identifier.Contains(k))) keys.Set(key);
        var found = await find.AllAsync(choice, level, keys.Build(), MostEntities, ct);
        if (found.Count > MostEntities)
        {
            throw new GatewayException(
                FaultSource.Client, FaultKind.Malformed, $"the identifier matches more than {MostEntities} entities; ask for fewer at a time");
        }

        return RetrievalPlan.Of(level, found);
    }

    /// <summary>Some systems report a failure if there is nothing to retrieve. A query shows whether this is so.</summary>
    private async ValueTask<bool> IsNothingAsync(TargetChoice choice, RetrievalPlan plan, CancellationToken ct)
    {
        try
        {
            return (await find.AllAsync(choice, plan.Level, plan.Keys, 1, ct)).Count == 0;
        }
        catch (DicomNetworkException)
        {
            return false; // the failure stands
        }
    }

    private ValueTask<RetrieveResult> RetrieveAsync(
        DimseOperation operation, TargetChoice choice, GetStep step, RetrievalFolder folder, CancellationToken ct)
        => attempts.RepeatableAsync(operation, choice, async (target, ct) =>
        {
            try
            {
                return operation == DimseOperation.Get ? await GetAsync(target, step, folder, ct) : await MoveAsync(target, step.Plan, folder, ct);
            }
            catch when (folder.Files.Count > 0)
            {
                choice.Answered(); // with objects, if not with a response: what is missing is this system's
                throw;
            }
        }, ct);

    /// <summary>
    /// Retrieves what was left out for want of a presentation context: an association has room for the common SOP classes, and no more. The others are asked
    /// for by their UIDs.
    /// </summary>
    /// <returns>The first result that is no success, or the last; the one that there was where still something is missing.</returns>
    private async ValueTask<RetrieveResult> MissingAsync(
        TargetChoice choice, RetrievalPlan plan, RetrievalFolder folder, RetrieveResult result, CancellationToken ct)
    {
        var came = folder.Files.Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<GetStep> steps;
        try
        {
            steps = await _steps.OfMissingAsync(choice, plan, came, ct);
        }
        catch (DicomNetworkException)
        {
            return result; // the failure stands
        }

        RetrieveResult? last = null, failed = null;
        foreach (var step in steps)
        {
            last = await RetrieveAsync(DimseOperation.Get, choice, step, folder, ct);
            if (!last.Result.Status.IsSuccess) failed ??= last;
        }

        if (failed is not null) return failed;
        return last is null || folder.Files.Count - came.Count < result.SubOperations.Failed ? result : last;
    }

    private static ValueTask<RetrieveResult> GetAsync(DicomTarget target, GetStep step, RetrievalFolder folder, CancellationToken ct)
        => ScuAttempts.OnAssociationAsync(target, step.Contexts, async (rented, ct) =>
        {
            var result = await rented.Association.GetAsync(QueryContexts.GetModel(step.Plan.Level), step.Plan.Identifier, folder, ct: ct);
            await rented.DisposeAsync();
            return result;
        }, ct);

    private async ValueTask<RetrieveResult> MoveAsync(DicomTarget target, RetrievalPlan plan, RetrievalFolder folder, CancellationToken ct)
    {
        await using var expected = await receiver.ExpectAsync(target.Node.Url, plan, folder, ct);
        return await ScuAttempts.OnAssociationAsync(target, QueryContexts.Query, async (rented, ct) =>
        {
            var result = await rented.Association.MoveAsync(
                QueryContexts.MoveModel(plan.Level), plan.Identifier, target.Node.LocalAeTitle, messageId: expected.MessageId, ct: ct);
            await rented.DisposeAsync();
            return result;
        }, ct);
    }

    private static ResponseEnvelope NotFound(RequestEnvelope request, DimseOperation operation)
        => DimseAnswers.Failure(request, operation, 404, DimseAnswers.NotFound);

    /// <summary>A part of a study is a failure. The received objects stay, and the response names them.</summary>
    private static ResponseEnvelope Failed(RequestEnvelope request, DimseOperation operation, RetrievalFolder folder, RetrieveResult result)
    {
        var failed = result.SubOperations.Failed;
        var error = failed > 0 ? $"{failed} objects could not be retrieved: {ScuFaults.Answer(result.Result)}" : ScuFaults.Answer(result.Result);
        var files = folder.Files;
        var response = DimseAnswers.Failure(request, operation, 500, error, writer => WriteRest(writer, folder, files, result));
        new DimseOutcome(result.Result.Status).AddTo(response);
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
