using Harmony.Core.Envelope;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>Makes results of a search from the answer of a backend that was asked for a C-FIND and answers in JSON (<c>docs/dicom-backend.md</c>).</summary>
internal static class ForeignMatches
{
    public static async ValueTask ShapeAsync(ResponseEnvelope response, DicomWebRequest web, BridgeSettings settings, CancellationToken ct)
    {
        var form = SearchAnswer.FormOf(web);
        using var answer = new SearchAnswer(web, form ?? "");
        var (seen, most, isMore) = (0, SearchWork.MostOf(settings, web), false);
        await foreach (var match in FoundDataSets.ReadAsync(response, settings.MaxHeld, ct))
        {
            if (seen++ < web.Search!.Offset) continue;
            if (answer.Count == most)
            {
                isMore = true;
                break;
            }

            answer.Add(match);
        }

        var shaped = form is null ? SearchAnswer.Refuse(response.Request) : SearchAnswer.Of(response.Request, web, answer.End(isMore));
        response.Status = shaped.Status;
        response.Headers.Remove("content-type");
        foreach (var field in shaped.Headers) response.Headers.Add(field.Name, field.Value);
        response.Body.Replace(shaped.Body.BufferedBytes);
    }
}
