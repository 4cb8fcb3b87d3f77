using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// The results of a search: DICOM JSON, or native XML with a part for each (PS3.18 §10.6.3.3). They are gathered, since a header tells whether there are more.
/// </summary>
internal sealed class SearchAnswer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _body = new(16 * 1024);
    private readonly DicomWebRequest _web;
    private readonly Utf8JsonWriter? _json;
    private readonly MultipartFraming? _framing;

    public SearchAnswer(DicomWebRequest web, string form)
    {
        _web = web;
        if (form == DicomMediaType.Xml)
        {
            _framing = new MultipartFraming(Boundary.Create(), DicomMediaType.Xml);
            return;
        }

        _json = new Utf8JsonWriter(_body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    /// <summary>Results so far.</summary>
    public int Count { get; private set; }

    /// <summary>The form that the client wants most; null where it takes none.</summary>
    public static string? FormOf(DicomWebRequest web)
    {
        foreach (var range in web.Wanted)
        {
            if (range.Includes(DicomMediaType.Json) || range.Includes("application/json")) return DicomMediaType.Json;
            if (range.Type == DicomMediaType.Xml || range is { Type: "multipart/related", PartType: DicomMediaType.Xml }) return DicomMediaType.Xml;
        }

        return null;
    }

    public static ResponseEnvelope Refuse(RequestEnvelope request)
        => WebProblem.NotAcceptable(request, $"{DicomMediaType.Json}, multipart/related; type=\"{DicomMediaType.Xml}\"");

    /// <summary>Adds a result.</summary>
    public void Add(DicomDataSet match)
    {
        var result = Shape(match);
        Count++;
        if (_json is not null)
        {
            DicomJsonWriter.Write(_json, result);
            return;
        }

        _body.Write(_framing!.Begin(DicomMediaType.Xml));
        _body.Write(NativeXmlWriter.ToUtf8(result));
    }

    /// <summary>The results, written.</summary>
    /// <param name="isMore">Whether there are more than were asked for.</param>
    public SearchResults End(bool isMore)
    {
        if (_json is null)
        {
            _body.Write(_framing!.End());
            // a boundary is another each time, and so would the validator be
            return new SearchResults(Count, _framing.ContentType, _body.WrittenMemory, null, isMore);
        }

        _json.WriteEndArray();
        _json.Flush();
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(_body.WrittenSpan).AsSpan(0, 12))}\"";
        return new SearchResults(Count, DicomMediaType.Json, _body.WrittenSpan.ToArray(), tag, isMore);
    }

    /// <summary>The response of results.</summary>
    public static ResponseEnvelope Of(RequestEnvelope request, DicomWebRequest web, SearchResults results)
    {
        var fields = new HeaderFields(4);
        if (results.Count > 0)
        {
            fields.Add("content-type", results.ContentType);
            if (results.ETag is not null) fields.Add("etag", results.ETag);
        }

        var response = new ResponseEnvelope(request, results.Count == 0 ? 204 : 200) { Headers = fields };
        if (results.Count > 0) response.Body.Replace(results.Body);
        if (results.IsMore) web.Warn(response, "The number of results exceeded the maximum supported by the server. Additional results can be requested.");
        foreach (var warning in web.Search!.Warnings) web.Warn(response, warning);
        return response;
    }

    /// <inheritdoc/>
    public void Dispose() => _json?.Dispose();

    private DicomDataSet Shape(DicomDataSet match)
    {
        var result = new DicomDataSetBuilder();
        foreach (var element in match)
        {
            if (element.Tag == DicomTag.QueryRetrieveLevel || element.Tag == DicomTag.SpecificCharacterSet || element.Tag.Group < 8) continue;
            result.Set(element);
        }

        result.Set(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        var isModalityOfStudy = _web.Resource.Level == QueryLevel.Study && _web.Search!.Included.Contains(DicomTag.Modality);
        if (isModalityOfStudy && match.GetStrings(DicomTag.ModalitiesInStudy) is [{ Length: > 0 } only]) result.Set(DicomTag.Modality, only);
        if (RetrieveUrl(match) is { } url) result.Set(DicomTag.RetrieveURL, url);
        return result.Build();
    }

    private string? RetrieveUrl(DicomDataSet match)
    {
        var study = match.GetString(DicomTag.StudyInstanceUID) ?? _web.Resource.Study;
        var series = match.GetString(DicomTag.SeriesInstanceUID) ?? _web.Resource.Series;
        var instance = match.GetString(DicomTag.SOPInstanceUID);
        return _web.Resource.Level switch
        {
            QueryLevel.Image when study is not null && series is not null && instance is not null => _web.UrlOf(study, series, instance),
            QueryLevel.Series when study is not null && series is not null => _web.UrlOf(study, series),
            QueryLevel.Study when study is not null => _web.UrlOf(study),
            _ => null,
        };
    }
}
