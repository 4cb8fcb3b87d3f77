using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS metadata: data sets without bulk data, to which they refer (PS3.18 §10.4.1.1.2). Each is written when its object has come.</summary>
internal sealed class MetadataWork(BridgeSettings settings, DicomWebRequest web)
{
    public ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (SearchAnswer.FormOf(web) is not { } form) return new(SearchAnswer.Refuse(request));
        return ObjectSource.AnswerAsync(request, archive, web, settings, (source, first) => AnswerAsync(request, form, source, first, ct), ct);
    }

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, string form, ObjectSource source, SharedObject first, CancellationToken ct)
    {
        var framing = form == DicomMediaType.Xml ? new MultipartFraming(Boundary.Create(), DicomMediaType.Xml) : null;
        var only = Only(request);
        var dataSet = await ReadAsync(first, only, ct); // before the status is said
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var all = AllAsync(source, first, dataSet, only, stop.Token);
        var chunks = framing is null ? JsonAsync(all) : XmlAsync(all, framing);
        var stream = new ChunkStream(chunks.GetAsyncEnumerator(stop.Token), stop, source);
        var fields = new HeaderFields(4);
        fields.Add("content-type", framing?.ContentType ?? DicomMediaType.Json);
        if (web.Resource.Instance is not null && framing is null)
        {
            fields.Add("etag", $"\"{first.Tag}-metadata{(only is null ? "" : $"-{string.Join('.', only.Select(t => t.ToHex()))}")}\"");
        }

        return new ResponseEnvelope(request, 200) { Headers = fields, Body = Body.FromStream(stream, null), Source = stream };
    }

    private async IAsyncEnumerable<(SharedObject Shared, DicomDataSet DataSet)> AllAsync(
        ObjectSource source, SharedObject first, DicomDataSet dataSet, HashSet<DicomTag>? only, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return (first, dataSet);
        while (await source.NextAsync() is { } next) yield return (next, await ReadAsync(next, only, ct));
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> JsonAsync(IAsyncEnumerable<(SharedObject Shared, DicomDataSet DataSet)> all)
    {
        using var chunks = new JsonChunks();
        chunks.Writer.WriteStartArray();
        await foreach (var (shared, dataSet) in all)
        {
            DicomJsonWriter.Write(chunks.Writer, dataSet, new DicomJsonWriterOptions { BulkDataUri = (path, element) => UriOf(shared, path, element) });
            if (chunks.IsLarge || web.Resource.Instance is null) yield return chunks.Take();
        }

        chunks.Writer.WriteEndArray();
        yield return chunks.Take();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> XmlAsync(IAsyncEnumerable<(SharedObject Shared, DicomDataSet DataSet)> all, MultipartFraming framing)
    {
        await foreach (var (shared, dataSet) in all)
        {
            var paths = BulkValues.In(dataSet, settings.BulkDataThreshold).ToDictionary(b => b.Element, b => b.Path);
            yield return framing.Begin(DicomMediaType.Xml);
            yield return NativeXmlWriter.ToUtf8(dataSet, element => paths.TryGetValue(element, out var path) ? UriOf(shared, path, element) : null);
        }

        yield return framing.End();
    }

    /// <summary>The data set; text whose character set is not named is ASCII, which is UTF-8, and the response says so.</summary>
    private async ValueTask<DicomDataSet> ReadAsync(SharedObject shared, HashSet<DicomTag>? only, CancellationToken ct)
    {
        var dataSet = (await shared.ReadAsync(settings.BulkDataThreshold, ct)).DataSet;
        if (only is null && dataSet.Contains(DicomTag.SpecificCharacterSet)) return dataSet;
        var shown = new DicomDataSetBuilder().Set(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        foreach (var element in dataSet.Where(e => e.Tag != DicomTag.SpecificCharacterSet && only?.Contains(e.Tag) != false)) shown.Set(element);
        return shown.Build();
    }

    private string? UriOf(SharedObject shared, string path, DicomElement element)
    {
        if (!BulkValues.IsBulk(element, settings.BulkDataThreshold)) return null;
        return $"{web.UrlOf(web.Resource.Study!, shared.Series, shared.SopInstanceUid)}/bulkdata/{path}";
    }

    /// <summary>The attributes that <c>includefield</c> names, where it names some: an extension that older clients use. The UIDs are always there.</summary>
    private static HashSet<DicomTag>? Only(RequestEnvelope request)
    {
        if (!request.QueryParams.TryGetValue("includefield", out var values)) return null;
        var names = values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (names.Count == 0 || names.Contains("all", StringComparer.OrdinalIgnoreCase)) return null;
        var only = new HashSet<DicomTag> { DicomTag.SOPClassUID, DicomTag.SOPInstanceUID, DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID };
        foreach (var name in names)
        {
            if (DicomTag.TryParse(name, out var tag)) only.Add(tag);
        }

        return only;
    }
}
