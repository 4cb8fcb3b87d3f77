using System.Globalization;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary>C-FIND as QIDO-RS: every key at the level that is asked for; those without a value are what is to be returned.</summary>
internal static class SearchRequest
{
    public static void Write(RequestEnvelope request, DimseQuery query, int? most)
    {
        var level = query.Level ?? QueryLevels.Infer(query.Identifier);
        var target = request.Target ??= new TargetDetails();
        target.Method = "GET";
        target.Headers.Set("accept", DicomMediaType.Json);
        target.Path = PathOf(level, query.Identifier);
        var parameters = new List<string>();
        foreach (var key in query.Identifier) Add(parameters, key, "", target.Path);
        // One more than may be sent tells that there are more.
        if (most is { } limit) parameters.Add(string.Create(CultureInfo.InvariantCulture, $"limit={limit + 1L}"));
        target.Query = string.Join('&', parameters);
        target.Headers.Remove("content-type");
        request.Headers.Remove("content-type");
        request.Body.Replace(ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>The deepest path that the UIDs of the identifier allow. Patients are found by their studies, as DICOMweb has no level for them.</summary>
    private static string PathOf(QueryLevel level, DicomDataSet keys)
    {
        var study = One(keys, DicomTag.StudyInstanceUID);
        var series = One(keys, DicomTag.SeriesInstanceUID);
        return level switch
        {
            QueryLevel.Series => $"{WebPath.OfEntity(study)}/series",
            QueryLevel.Image => $"{WebPath.OfEntity(study, series)}/instances",
            _ => "/studies",
        };
    }

    private static void Add(List<string> parameters, DicomElement key, string before, string path)
    {
        if (key.Tag == DicomTag.SpecificCharacterSet || key.Tag == DicomTag.QueryRetrieveLevel || key.Tag.IsGroupLength) return;
        var name = before + key.Tag.ToHex();
        if (key is DicomSequence { Items: [{ Count: > 0 } item, ..] })
        {
            foreach (var inner in item) Add(parameters, inner, $"{name}.", path);
            return;
        }

        if (key is DicomValue { IsEmpty: false } value && value.GetStrings() is { Length: > 0 } texts && texts.Any(t => t.Length > 0))
        {
            var text = string.Join(value.Vr == Vr.UI ? ',' : '\\', texts);
            // The path says it already.
            if (texts.Length == 1 && value.Vr == Vr.UI && before.Length == 0 && path.Split('/').Contains(texts[0], StringComparer.Ordinal)) return;
            // A wild card may stand in a query (RFC 3986 §3.4), and some servers know it only as it is.
            parameters.Add($"{name}={Uri.EscapeDataString(text).Replace("%2A", "*", StringComparison.Ordinal)}");
            return;
        }

        parameters.Add($"includefield={name}");
    }

    private static string? One(DicomDataSet keys, DicomTag tag)
        => keys.GetStrings(tag) is [{ Length: > 0 } uid] && Harmony.Dicom.Data.Uids.Uid.IsTolerable(uid) ? uid : null;
}

/// <summary>The response to a search as that of C-FIND. An incomplete result is marked, so that the client does not mistake a part for the whole.</summary>
internal static class SearchResponse
{
    public static void Shape(ResponseEnvelope response)
    {
        if (response.Status is 204 or 404 or 410)
        {
            response.Status = 200;
            response.Headers.Set("content-type", "application/json");
            response.Body.Replace("[]"u8.ToArray());
            return;
        }

        if (response.Status != 200 || !HasMore(response)) return;
        response.Headers.Set("content-type", "application/json");
        response.Headers.Remove("content-length");
        response.Body.Replace(new Around("{\"matches\":"u8.ToArray(), response.Body.OpenStream(), ",\"truncated\":true}"u8.ToArray()), length: null);
    }

    /// <summary>The warning of PS3.18 §8.3.4.4 about results that were left out.</summary>
    private static bool HasMore(ResponseEnvelope response)
        => response.Headers.Combined("warning") is { } warning && warning.Contains("299", StringComparison.Ordinal)
            && warning.Contains("results", StringComparison.OrdinalIgnoreCase)
            && (warning.Contains("exceeded", StringComparison.OrdinalIgnoreCase) || warning.Contains("additional", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A stream with something before and something behind it.</summary>
/// <param name="before">What comes first.</param>
/// <param name="middle">The stream; disposed with this.</param>
/// <param name="after">What comes last.</param>
internal sealed class Around(ReadOnlyMemory<byte> before, Stream middle, ReadOnlyMemory<byte> after) : AsyncReadStream
{
    private ReadOnlyMemory<byte> _now = before;
    private bool _isAfter;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_now.IsEmpty && !_isAfter)
        {
            var read = await middle.ReadAsync(buffer, cancellationToken);
            if (read > 0) return read;
            (_now, _isAfter) = (after, true);
        }

        var count = Math.Min(buffer.Length, _now.Length);
        _now[..count].CopyTo(buffer);
        _now = _now[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) middle.Dispose();
        base.Dispose(disposing);
    }
}
