using System.Globalization;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>
/// Reads the query of WADO-URI (PS3.18 §9): one object, as DICOM or as an image. It becomes the same as a request for that object by WADO-RS.
/// </summary>
internal static class WadoUriReader
{
    /// <param name="query">Decoded names and values.</param>
    /// <param name="web">The request as far as it is understood.</param>
    /// <param name="error">What is wrong with the query; null where nothing is.</param>
    /// <returns>The request; null where something is wrong with it.</returns>
    public static DicomWebRequest? Read(IReadOnlyDictionary<string, IReadOnlyList<string>> query, DicomWebRequest web, out string? error)
    {
        error = null;
        if (One(query, "requestType") is not "WADO") return Fail("requestType must be WADO.", out error);
        string? study = One(query, "studyUID"), series = One(query, "seriesUID"), instance = One(query, "objectUID");
        if (!IsUid(study) || !IsUid(series) || !IsUid(instance)) return Fail("WADO-URI needs studyUID, seriesUID and objectUID, each a UID.", out error);
        var resource = web.Resource with { Service = WebService.Retrieve, Level = QueryLevel.Image, Study = study, Series = series, Instance = instance };
        var contentTypes = AcceptHeader.Parse(One(query, "contentType"));
        if (contentTypes.FirstOrDefault(r => r.Type == DicomMediaType.Object) is { } asDicom)
        {
            var syntax = One(query, "transferSyntax");
            return web with { Resource = resource, Accept = [asDicom with { TransferSyntaxes = syntax is { Length: > 0 } ? [syntax] : [] }] };
        }

        // Without a content type an image is meant (PS3.18 §9.1.2.1.2).
        var (number, frame) = (One(query, "frameNumber"), 0);
        if (number is not null && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out frame) || frame < 1))
        {
            return Fail("frameNumber must be a whole number from 1.", out error);
        }

        return web with
        {
            Resource = resource with { Service = WebService.Rendered, Frames = frame > 0 ? [frame] : [] },
            Accept = contentTypes.Count > 0 ? contentTypes : [new MediaRange("image/jpeg")],
        };
    }

    /// <summary>The first value of a parameter; null where there is none.</summary>
    internal static string? One(IReadOnlyDictionary<string, IReadOnlyList<string>> query, string name)
        => query.TryGetValue(name, out var values) && values is [var value, ..] ? value : null;

    private static bool IsUid(string? text) => text is not null && Uid.IsTolerable(text);

    private static DicomWebRequest? Fail(string message, out string? error)
    {
        error = message;
        return null;
    }
}
