using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>
/// C-STORE of the objects in a body, streamed through. Each object has its own result; one that fails does not keep the others from being sent.
/// </summary>
/// <param name="attempts">Rents associations.</param>
/// <param name="transcoding">Encodes objects anew that the other side does not take as they are; null where they fail.</param>
internal sealed class ScuStore(ScuAttempts attempts, ObjectTranscoding? transcoding)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, TargetChoice choice, CancellationToken ct)
    {
        var stored = new List<StoredResult>();
        GatewayException? malformed = null;
        await foreach (var body in SentObjects.InAsync(request))
        {
            try
            {
                await using var sent = await SentObject.ReadAsync(body, request, transcoding, ct);
                stored.Add(await SendAsync(sent, choice, ct));
            }
            catch (GatewayException e) when (e.Kind == FaultKind.Malformed)
            {
                malformed ??= e;
                stored.Add(StoredResult.Unreadable(e.Message));
            }
        }

        if (stored.Count == 0) throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the body contains no DICOM object");
        if (malformed is not null && stored.All(s => s.IsUnreadable)) throw malformed;
        var response = Answer(request, stored);
        // What the other side said of one object, or of the first that failed, is what a sender by DIMSE is told.
        if ((stored.Find(s => s.Error is not null) ?? stored[0]).Told is { } status) new DimseOutcome(status).AddTo(response);
        return response;
    }

    /// <summary>Stores one object; tries again where that does no harm.</summary>
    /// <returns>What the other side said, failures included.</returns>
    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the bytes are no object.</exception>
    /// <exception cref="DicomNetworkException">It said nothing.</exception>
    public async ValueTask<DimseResult> StoreOneAsync(Stream part10, RequestEnvelope request, TargetChoice choice, CancellationToken ct)
    {
        await using var sent = await SentObject.ReadAsync(part10, request, transcoding, ct);
        return await attempts.RepeatableAsync(DimseOperation.Store, choice, ContextsFor(sent.Instance), (rented, inner) => SendAsync(sent, rented, inner), ct);
    }

    private async ValueTask<StoredResult> SendAsync(SentObject sent, TargetChoice choice, CancellationToken ct)
    {
        var (sopClass, instance) = (sent.Instance.SopClassUid, sent.Instance.SopInstanceUid);
        try
        {
            var result =
                await attempts.RepeatableAsync(DimseOperation.Store, choice, ContextsFor(sent.Instance), (rented, inner) => SendAsync(sent, rented, inner), ct);
            if (result.Status.IsSuccess || result.Status.IsWarning) return new StoredResult(sopClass, instance, result.Status, null);
            choice.Lacks($"status {result.Status}");
            return new StoredResult(sopClass, instance, result.Status, ScuFaults.Answer(result));
        }
        catch (Exception e) when (ScuFaults.IsExpected(e) && !ct.IsCancellationRequested)
        {
            choice.Lacks(ScuFaults.Words(e));
            return new StoredResult(sopClass, instance, (e as DimseException)?.Result.Status, ScuFaults.Answer(e))
            {
                Told = ScuFaults.StatusOf(e, DimseOperation.Store)
            };
        }
    }

    private static async ValueTask<DimseResult> SendAsync(SentObject sent, RentedAssociation rented, CancellationToken ct)
    {
        try
        {
            var result = await rented.Association.StoreAsync(await sent.NextAsync(ct), ct: ct);
            await rented.DisposeAsync();
            return result;
        }
        catch (DicomNetworkException e) when (ScuFaults.IsUnanswered(e) && !sent.CanBeSentAgain)
        {
            throw new SpentObjectException(e);
        }
    }

    /// <summary>
    /// Its own encoding, for uncompressed objects the two common ones, and those that it can be transcoded to, each in its own context: a
    /// peer chooses one of those in a context.
    /// </summary>
    private ContextProposal[] ContextsFor(SopInstance instance)
    {
        TransferSyntax[] syntaxes = instance.TransferSyntax.IsEncapsulated
            ? [instance.TransferSyntax]
            : [instance.TransferSyntax, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];
        if (transcoding is not null) syntaxes = [.. syntaxes, .. transcoding.TargetsOf(instance.TransferSyntax)];
        return [.. syntaxes.DistinctBy(s => s.Uid).Select(s => new ContextProposal(instance.SopClassUid, [s]))];
    }

    private static ResponseEnvelope Answer(RequestEnvelope request, List<StoredResult> stored)
    {
        var failed = stored.Count(s => s.Error is not null);
        if (failed == 0)
        {
            return DimseAnswers.Json(request, 200, writer =>
            {
                writer.WriteString("operation", DimseOperation.Store.Name());
                writer.WriteBoolean("success", true);
                WriteResults(writer, stored, failed);
            });
        }

        var error = stored.Count == 1 ? stored[0].Error! : $"{failed} of {stored.Count} objects were not stored";
        return DimseAnswers.Failure(request, DimseOperation.Store, 500, error, writer => WriteResults(writer, stored, failed));
    }

    private static void WriteResults(Utf8JsonWriter writer, List<StoredResult> stored, int failed)
    {
        writer.WriteNumber("stored", stored.Count - failed);
        writer.WriteNumber("failed", failed);
        writer.WriteStartArray("results");
        foreach (var one in stored)
        {
            writer.WriteStartObject();
            writer.WriteString("sop_class_uid", one.SopClassUid);
            writer.WriteString("sop_instance_uid", one.SopInstanceUid);
            writer.WriteBoolean("success", one.Error is null);
            writer.WriteString("status", one.Status is { } status ? DimseOutcome.Code(status) : null);
            if (one.Error is not null) writer.WriteString("error", one.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>The result of a sent object.</summary>
/// <param name="SopClassUid">What kind of object it is.</param>
/// <param name="SopInstanceUid">Which object it is.</param>
/// <param name="Status">What the other side said; null where it said nothing.</param>
/// <param name="Error">Why it was not stored; null where it was.</param>
internal sealed record StoredResult(string SopClassUid, string SopInstanceUid, DimseStatus? Status, string? Error)
{
    /// <summary>A part of a body that is no object; others may have been stored.</summary>
    public static StoredResult Unreadable(string error) => new("", "", null, error) { Told = DimseStatus.UnableToProcess };

    /// <summary>Whether the object cannot be identified.</summary>
    public bool IsUnreadable => SopInstanceUid.Length == 0;

    /// <summary>The status for a DIMSE sender, even if the other side sent none; null if unknown.</summary>
    public DimseStatus? Told { get; init; } = Status;
}
