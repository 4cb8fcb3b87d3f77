using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS metadata: data sets without bulk data, to which they refer (PS3.18 §10.4.1.1.2). Each is written when its object has come.</summary>
internal sealed class MetadataWork(BridgeSettings settings, DicomWebRequest web)
{
    private const string Json = "application/dicom+json", Xml = "application/dicom+xml";

    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (SearchAnswer.FormOf(web) is not { } form) return SearchAnswer.Refuse(request);
        if (await ObjectSource.OpenAsync(archive, web, settings, ct) is not { } source) return RetrieveWork.NoSuch(request);
        try
        {
            if (await source.NextAsync() is not { } first)
            {
                await source.DisposeAsync();
                return RetrieveWork.NoSuch(request);
            }

            var framing = form == Xml ? new MultipartFraming(Boundary.Create(), Xml) : null;
            var only = Only(request);
            var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var chunks = framing is null ? JsonAsync(source, first, only, stop.Token) : XmlAsync(source, first, only, framing, stop.Token);
            var stream = new ChunkStream(chunks.GetAsyncEnumerator(stop.Token), stop, source);
            var fields = new HeaderFields(4);
            fields.Add("content-type", framing?.ContentType ?? Json);
            if (web.Resource.Instance is not null && framing is null) fields.Add("etag", $"\"{first.Tag}-metadata{(only is null ? "" : $"-{string.Join('.', only.Select(t => t.ToHex()))}")}\"");
            return new ResponseEnvelope(request, 200) { Headers = fields, Body = Body.FromStream(stream, null), Source = stream };
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> JsonAsync(ObjectSource source, SharedObject first, HashSet<DicomTag>? only, [EnumeratorCancellation] CancellationToken ct)
    {
        using var chunks = new JsonChunks();
        chunks.Writer.WriteStartArray();
        for (var shared = first; shared is not null; shared = await source.NextAsync())
        {
            var options = new DicomJsonWriterOptions { BulkDataUri = (path, element) => UriOf(shared, path, element) };
            DicomJsonWriter.Write(chunks.Writer, await ReadAsync(shared, only, ct), options);
            if (chunks.IsLarge || web.Resource.Instance is null) yield return chunks.Take();
        }

        chunks.Writer.WriteEndArray();
        yield return chunks.Take();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> XmlAsync(
        ObjectSource source, SharedObject first, HashSet<DicomTag>? only, MultipartFraming framing, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var shared = first; shared is not null; shared = await source.NextAsync())
        {
            var dataSet = await ReadAsync(shared, only, ct);
            var paths = BulkValues.In(dataSet, settings.BulkDataThreshold).ToDictionary(b => b.Element, b => b.Path);
            using var stream = new MemoryStream();
            using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            {
                NativeXmlWriter.Write(writer, dataSet, element => paths.TryGetValue(element, out var path) ? UriOf(shared, path, element) : null);
            }

            yield return framing.Begin(Xml);
            yield return stream.ToArray();
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
        return $"{web.BaseUrl}/studies/{web.Resource.Study}/series/{SeriesOf(shared)}/instances/{shared.SopInstanceUid}/bulkdata/{path}";
    }

    private string SeriesOf(SharedObject shared) => web.Resource.Series ?? shared.Series;

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
