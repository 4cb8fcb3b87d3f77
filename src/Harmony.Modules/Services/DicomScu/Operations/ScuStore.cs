using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Modules.Dicom;
using Harmony.Modules.Dicom.Answers;

namespace Harmony.Modules.Services.DicomScu.Operations;

/// <summary>C-STORE of the objects in a body, streamed through. Each object has its own result; one that fails does not keep the others from being sent.</summary>
internal sealed class ScuStore(ScuAttempts attempts)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, CancellationToken ct)
    {
        var stored = new List<StoredObject>();
        await foreach (var body in SentObjects.InAsync(request)) stored.Add(await SendAsync(body, request, ct));
        if (stored.Count == 0) throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the body holds no DICOM object");
        var response = Answer(request, stored);
        // What the other side said of one object, or of the first that failed, is what a sender by DIMSE is told.
        if ((stored.Find(s => s.Error is not null) ?? stored[0]).Status is { } status) response.Metadata[DicomMetadataKeys.DicomStatus] = ScuFaults.Code(status);
        return response;
    }

    private async ValueTask<StoredObject> SendAsync(Stream body, RequestEnvelope request, CancellationToken ct)
    {
        var instance = await ReadAsync(body, request, ct);
        try
        {
            var result = await SendAsync(instance, ct);
            var isStored = result.Status.IsSuccess || result.Status.IsWarning;
            return new StoredObject(instance.SopClassUid, instance.SopInstanceUid, result.Status, isStored ? null : ScuFaults.Answer(result));
        }
        catch (Exception e) when (ScuFaults.IsExpected(e) && !ct.IsCancellationRequested)
        {
            return new StoredObject(instance.SopClassUid, instance.SopInstanceUid, ScuFaults.StatusOf(e), ScuFaults.Answer(e));
        }
    }

    private async ValueTask<DimseResult> SendAsync(SopInstance instance, CancellationToken ct)
    {
        await using var rented = await attempts.RentAsync(DimseOperation.Store, ContextsFor(instance), ct);
        return await rented.Association.StoreAsync(instance, ct: ct);
    }

    private static async ValueTask<SopInstance> ReadAsync(Stream body, RequestEnvelope request, CancellationToken ct)
    {
        try
        {
            return await SopInstance.ReadAsync(body, ct);
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the body is no DICOM object: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw request.Aborted.IsCancellationRequested
                ? new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e)
                : new GatewayException(FaultSource.Client, FaultKind.Malformed, "the body ends too early", e);
        }
    }

    /// <summary>Its own encoding, and where it is not compressed the two that everybody knows, each in a context of its own: a peer chooses one of those in a context.</summary>
    private static ContextProposal[] ContextsFor(SopInstance instance)
    {
        TransferSyntax[] syntaxes = instance.TransferSyntax.IsEncapsulated
            ? [instance.TransferSyntax]
            : [instance.TransferSyntax, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];
        return [.. syntaxes.DistinctBy(s => s.Uid).Select(s => new ContextProposal(instance.SopClassUid, [s]))];
    }

    private static ResponseEnvelope Answer(RequestEnvelope request, List<StoredObject> stored)
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

    private static void WriteResults(Utf8JsonWriter writer, List<StoredObject> stored, int failed)
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
            writer.WriteString("status", one.Status is { } status ? ScuFaults.Code(status) : null);
            if (one.Error is not null) writer.WriteString("error", one.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
