using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Jmix;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Takes an uploaded package in: spools the archive, judges it, and stores it under the identifier of its manifest.</summary>
internal sealed class PackageUpload(PackageStore store, UnpackLimits limits, TimeProvider clock)
{
    private static readonly string[] Types = ["application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip", "application/x-tar+gzip", "application/octet-stream"];

    /// <summary>The answer: 201 stored, 200 was there, 409 another package has the identifier, 400 with the findings, 415.</summary>
    public async Task<ResponseEnvelope> AnswerAsync(RequestEnvelope request, CancellationToken ct)
    {
        var type = request.Headers["content-type"]?.Split(';')[0].Trim() ?? "";
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase)) return JmixAnswers.Error(request, 415, "a package is uploaded as application/zip or application/gzip");
        var archive = store.Create();
        try
        {
            await using (var body = request.Body.OpenStream()) await body.CopyToAsync(archive, ct);
            await archive.FlushAsync(ct);
            using var reader = await JmixReader.OpenAsync(archive.Name, new JmixReadOptions { Limits = limits, TemporaryFolder = store.Incoming, Clock = clock }, ct);
            if (Refusal(request, reader.Report) is { } refusal) return refusal;
            return await StoreAsync(request, reader, archive, ct);
        }
        catch (JmixException e)
        {
            return JmixAnswers.Error(request, e.Fault == JmixFault.TooLarge ? 413 : 400, e.Message);
        }
        catch (IOException e) when (e is not EndOfStreamException)
        {
            throw store.Fault(e);
        }
        finally
        {
            await archive.DisposeAsync();
            File.Delete(archive.Name);
        }
    }

    private static ResponseEnvelope? Refusal(RequestEnvelope request, JmixReport report)
    {
        if (report.Manifest is null) return Findings(request, "the manifest is missing or cannot be read", report);
        if (report.Id is null) return Findings(request, "manifest.id is missing or no UUID", report);
        return report.IsValid ? null : Findings(request, "validation failed", report);
    }

    private static ResponseEnvelope Findings(RequestEnvelope request, string reason, JmixReport report)
    {
        var findings = new JsonArray();
        foreach (var finding in report.Findings.Where(f => f.Severity == FindingSeverity.Error).Take(50))
            findings.Add((JsonNode)new JsonObject { ["code"] = finding.Code, ["where"] = finding.Where, ["message"] = finding.Message });
        var first = report.Findings.FirstOrDefault(f => f.Severity == FindingSeverity.Error)?.Message;
        return JmixAnswers.Json(request, 400, new JsonObject { ["error"] = first is null ? reason : $"{reason}: {first}", ["findings"] = findings });
    }

    private async Task<ResponseEnvelope> StoreAsync(RequestEnvelope request, JmixReader reader, FileStream archive, CancellationToken ct)
    {
        var id = Guid.ParseExact(reader.Report.Id!, "D");
        var study = reader.Report.StudyInstanceUid ?? "";
        // A zip is stored as it came, byte for byte; everything else becomes a zip.
        FileStream stored;
        if (reader.Report.Container == PackageContainer.Zip && reader.Report.Root.Length == 0)
        {
            stored = archive;
        }
        else
        {
            stored = store.Create();
            await CopyAsync(reader.Files, stored, ct);
        }

        var (status, outcome) = await store.StoreAsync(stored, id, study, ct) switch
        {
            StoreOutcome.Stored => (201, "stored"),
            StoreOutcome.WasThere => (200, "stored"),
            _ => (409, ""),
        };
        if (status == 409) return JmixAnswers.Error(request, 409, "envelope id already exists");
        var response = JmixAnswers.Json(request, status, new JsonObject { ["id"] = id.ToString(), ["status"] = outcome });
        response.Headers.Add("location", string.Create(CultureInfo.InvariantCulture, $"{request.Path.TrimEnd('/')}/{id}"));
        response.Metadata["jmix_id"] = id.ToString();
        return response;
    }

    private static async Task CopyAsync(PackageFiles files, FileStream target, CancellationToken ct)
    {
        await using var sink = new ZipSink(target, System.IO.Compression.CompressionLevel.Fastest);
        foreach (var name in files.Lengths.Keys.Order(StringComparer.Ordinal))
        {
            await using var content = files.Open(name);
            await using var entry = await sink.AddAsync(name, (long?)null, ct);
            await content.CopyToAsync(entry, ct);
        }

        await sink.CompleteAsync(ct);
    }
}
