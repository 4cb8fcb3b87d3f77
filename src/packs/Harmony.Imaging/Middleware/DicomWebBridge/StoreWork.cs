using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// STOW-RS by C-STORE: each object goes on while it comes. What became of each is in the response, and one that fails keeps none of the others from being
/// stored.
/// </summary>
internal sealed class StoreWork(BridgeSettings settings, DicomWebRequest web)
{
    /// <summary>Most bytes of a header, up to the pixel data.</summary>
    private const int MaxHeader = 1024 * 1024;

    /// <summary>Most objects of a request, because the results are held in memory.</summary>
    private const int MaxObjects = 100_000;

    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (request.Headers["content-type"] is not { Length: > 0 } contentType) return Unsupported(request, "The request has no Content-Type.");
        var type = MediaType.Parse(contentType);
        var stored = new List<StoredItem>();
        if (type.Name == DicomMediaType.Object)
        {
            stored.Add(await StoreAsync(request.Body.OpenStream(), request, archive, ct));
        }
        else if (type.Name == "multipart/related")
        {
            if (type["boundary"] is not { Length: > 0 } boundary) return WebProblem.Answer(request, 400, "The Content-Type has no boundary.");
            var partType = type["type"]?.ToLowerInvariant();
            if (partType is not (null or DicomMediaType.Object) && !IsMetadata(partType))
            {
                return Unsupported(request, "The type of the parts is not one that is stored.");
            }

            var reader = new PartReader(request.Body.OpenStream(), boundary, new PartReaderOptions { MaxParts = MaxObjects });
            if (await StorePartsAsync(reader, stored, request, archive, ct) is { } refused) return refused;
        }
        else
        {
            return Unsupported(request, "The Content-Type is not one that is stored.");
        }

        if (stored.Exists(i => !i.Status.IsFailure)) settings.Searches?.Clear();
        if (stored.Count == 0) return WebProblem.Answer(request, 400, "The request contains no object.");
        return Answer(request, stored);
    }

    private async ValueTask<ResponseEnvelope?> StorePartsAsync(
        PartReader reader, List<StoredItem> stored, RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        MetadataUpload? upload = null;
        try
        {
            while (await NextAsync(reader, request, ct) is { } part)
            {
                var type = MediaType.Parse(part.ContentType ?? DicomMediaType.Object).Name;
                if (upload is null && IsMetadata(type)) upload = new MetadataUpload(settings.MaxHeld);
                if (upload is not null) await upload.AddAsync(part, type, ct);
                else if (type is DicomMediaType.Object or FrameMedia.Uncompressed) stored.Add(await StoreAsync(part.Content, request, archive, ct));
                else stored.Add(new StoredItem(null, null, DimseStatus.DataSetDoesNotMatchSopClass));
            }

            if (upload is null) return null;
            await foreach (var file in upload.ObjectsAsync(ct)) stored.Add(file is null ? Unreadable : await StoreAsync(file, request, archive, ct));
            return null;
        }
        finally
        {
            upload?.Dispose();
        }
    }

    private static StoredItem Unreadable => new(null, null, DimseStatus.UnableToProcess);

    private static async ValueTask<BodyPart?> NextAsync(PartReader reader, RequestEnvelope request, CancellationToken ct)
    {
        try
        {
            return await reader.NextAsync(ct);
        }
        catch (IOException e)
        {
            throw request.Aborted.IsCancellationRequested
                ? new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e)
                : new GatewayException(FaultSource.Client, FaultKind.Malformed, "the body ends too early", e);
        }
    }

    /// <summary>Stores one object. What is wrong with it, or with the archive, is its own result.</summary>
    private async ValueTask<StoredItem> StoreAsync(Stream part10, RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        DicomObject dicom;
        try
        {
            dicom = await DicomObject.ReadAsync(part10, MaxHeader, null, ct);
        }
        catch (GatewayException e) when (e.Kind is FaultKind.Malformed or FaultKind.TooLarge)
        {
            return Unreadable;
        }

        var header = dicom.Header;
        var item = new StoredItem(header.GetString(DicomTag.SOPClassUID), header.GetString(DicomTag.SOPInstanceUID), DimseStatus.Success)
        {
            Study = header.GetString(DicomTag.StudyInstanceUID), Series = header.GetString(DicomTag.SeriesInstanceUID),
        };
        if (item.SopClassUid is null || item.SopInstanceUid is null) return item with { Status = DimseStatus.UnableToProcess };
        if (web.Resource.Study is { } named && item.Study != named) return item with { Status = DimseStatus.DataSetDoesNotMatchSopClass };
        try
        {
            var result = await archive.StoreAsync(dicom.Content, ct);
            return item with { Status = result.Status };
        }
        catch (DicomNetworkException e) when (!ct.IsCancellationRequested)
        {
            if (BridgeFaults.StatusOf(e) == 503) return item with { Status = DimseStatus.OutOfResources };
            return item with { Status = (e as DimseException)?.Result.Status ?? DimseStatus.ProcessingFailure };
        }
        catch (GatewayException e) when (e.Kind == FaultKind.Malformed)
        {
            return item with { Status = DimseStatus.UnableToProcess };
        }
    }

    private ResponseEnvelope Answer(RequestEnvelope request, List<StoredItem> stored)
    {
        var report = StoreReport.Write(stored, web.BaseUrl);
        var asXml = web.Wanted.FirstOrDefault(r => r.Includes(DicomMediaType.Json) || IsMetadata(r.Type)) is { } range
            && DicomMediaType.IsDataSetInXml(range.Type);
        var fields = new HeaderFields(2);
        fields.Add("content-type", asXml ? DicomMediaType.Xml : DicomMediaType.Json);
        var body = asXml ? NativeXmlWriter.ToUtf8(report) : DicomJsonWriter.ToUtf8(report);
        return new ResponseEnvelope(request, StoreReport.StatusOf(stored)) { Headers = fields, Body = Body.FromBytes(body) };
    }

    private static bool IsMetadata(string type) => DicomMediaType.IsDataSetInJson(type) || DicomMediaType.IsDataSetInXml(type);

    private static ResponseEnvelope Unsupported(RequestEnvelope request, string what) => WebProblem.Answer(
        request, 415, $"{what} Acceptable would be: multipart/related; type=\"{DicomMediaType.Object}\" with a boundary, {DicomMediaType.Object}, "
            + $"or multipart/related with {DicomMediaType.Json} or {DicomMediaType.Xml} and bulk data.");
}
