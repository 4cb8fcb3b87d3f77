using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS: the objects of a study, a series or an instance, part by part as the archive sends them.</summary>
internal sealed class RetrieveWork(BridgeSettings settings, DicomWebRequest web)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (await ObjectSource.OpenAsync(archive, web, settings, ct) is not { } source) return NoSuch(request);
        try
        {
            if (await source.NextAsync() is not { } first)
            {
                await source.DisposeAsync();
                return NoSuch(request);
            }

            var mayBeSingle = web.Resource.Instance is not null;
            if (ObjectForm.Choose(web, first, mayBeSingle) is not { } form)
            {
                await source.DisposeAsync();
                return WebProblem.NotAcceptable(request, ObjectForm.Given(first, mayBeSingle));
            }

            var response = PartsAnswer.Of(request, await PartAsync(first, form.Syntax, ct), () => NextAsync(source, ct), source, form.IsSingle ? null : "application/dicom");
            if (mayBeSingle && form.IsSingle) response.Headers.Add("etag", $"\"{first.Tag}-{form.Syntax.Uid}\"");
            return response;
        }
        catch (ImagingException e)
        {
            await source.DisposeAsync();
            return WebProblem.Answer(request, ImagingStatuses.Of(e.Kind), $"{e.Message.TrimEnd('.')}. The object can be had as it is stored, with transfer-syntax=*.");
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>There is nothing under the UIDs of the path.</summary>
    public static ResponseEnvelope NoSuch(RequestEnvelope request) => WebProblem.Answer(request, 404, "The archive has no such study, series or instance.");

    private async ValueTask<StreamedObject?> NextAsync(ObjectSource source, CancellationToken ct)
    {
        if (await source.NextAsync() is not { } next) return null;
        if (ObjectForm.Choose(web, next, mayBeSingle: false) is not { } form)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "an object is stored in a transfer syntax that the client does not take, while others could be given");
        }

        return await PartAsync(next, form.Syntax, ct);
    }

    private async ValueTask<StreamedObject> PartAsync(SharedObject shared, TransferSyntax syntax, CancellationToken ct)
    {
        var (content, length) = await ObjectForm.OpenAsync(shared, syntax, settings.Transcoder, ct);
        var part = new StreamedObject($"application/dicom; transfer-syntax={syntax.Uid}", content, length);
        if (web.Resource.Series is { } series) part.Properties["content-location"] = $"{web.BaseUrl}/studies/{web.Resource.Study}/series/{series}/instances/{shared.SopInstanceUid}";
        return part;
    }
}
