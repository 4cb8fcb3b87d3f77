using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data.Uids;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS: the objects of a study, a series or an instance, part by part as the archive sends them.</summary>
internal sealed class RetrieveWork(BridgeSettings settings, DicomWebRequest web)
{
    public ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
        => ObjectSource.AnswerAsync(request, archive, web, settings, (source, first) => AnswerAsync(request, source, first, ct), ct);

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, ObjectSource source, SharedObject first, CancellationToken ct)
    {
        var mayBeSingle = web.Resource.Instance is not null;
        if (ObjectForm.Choose(web, first, mayBeSingle) is not { } form) return WebProblem.NotAcceptable(request, ObjectForm.Given(first, mayBeSingle));
        var response = PartsAnswer.Of(
            request, await PartAsync(first, form.Syntax, ct), () => NextAsync(source, ct), source, form.IsSingle ? null : DicomMediaType.Object);
        if (mayBeSingle && form.IsSingle) response.Headers.Add("etag", $"\"{first.Tag}-{form.Syntax.Uid}\"");
        return response;
    }

    private async ValueTask<StreamedObject?> NextAsync(ObjectSource source, CancellationToken ct)
    {
        if (await source.NextAsync() is not { } next) return null;
        if (ObjectForm.Choose(web, next, mayBeSingle: false) is not { } form)
        {
            throw new GatewayException(
                FaultSource.Backend, FaultKind.Protocol, "an object is stored in a transfer syntax that the client does not take, while others could be given");
        }

        return await PartAsync(next, form.Syntax, ct);
    }

    private async ValueTask<StreamedObject> PartAsync(SharedObject shared, TransferSyntax syntax, CancellationToken ct)
    {
        var (content, length) = await ObjectForm.OpenAsync(shared, syntax, settings.Transcoder, ct);
        var part = new StreamedObject($"{DicomMediaType.Object}; transfer-syntax={syntax.Uid}", content, length);
        if (web.Resource.Series is { } series) part.Properties["content-location"] = web.UrlOf(web.Resource.Study!, series, shared.SopInstanceUid);
        return part;
    }
}
