using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Receives an uploaded package: writes the archive to disk, checks the package, and stores it under the identifier of its manifest.</summary>
internal sealed class PackageUpload(PackageStore store, PackageSettings settings, PackageDelivery delivery, TimeProvider clock)
{
    private static readonly string[] Types = ["application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip",
        "application/x-tar+gzip", "application/octet-stream"];

    /// <summary>Receives the body of a request: 201 stored, 200 was there, 409 another package has the identifier, 400 with the findings, 413, 415.</summary>
    public async Task<ResponseEnvelope> AnswerAsync(RequestEnvelope request, CancellationToken ct)
    {
        var type = request.Headers["content-type"]?.Split(';')[0].Trim() ?? "";
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase)) return JmixResponses.Error(request, 415,
            "a package is uploaded as application/zip or application/gzip");
        FileStream archive;
        try
        {
            await using var body = request.Body.OpenStream();
            archive = await store.WriteAsync(file => body.CopyToAsync(file, ct));
        }
        catch (IOException e) when (e is not EndOfStreamException)
        {
            throw store.Fault(e);
        }

        return await TakeAsync(request, archive, request.Path.TrimEnd('/'), ct);
    }

    /// <summary>Checks and stores an archive: 201, 200 was there, 409 another package has the identifier, 400 with the findings, 413.</summary>
    /// <param name="request">The request that brought the last byte.</param>
    /// <param name="archive">A file of the store, written to its end. Closed and deleted afterwards, whatever the outcome.</param>
    /// <param name="packages">The path of the packages, for <c>Location</c>.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<ResponseEnvelope> TakeAsync(RequestEnvelope request, FileStream archive, string packages, CancellationToken ct)
    {
        var received = settings.Entry("received");
        try
        {
            await archive.FlushAsync(ct);
            using var reader = await JmixReader.OpenAsync(archive.Name,
                new JmixReadOptions { Limits = settings.Limits, TemporaryFolder = store.Incoming, Clock = clock }, ct);
            if (Refusal(request, reader.Report) is { } refusal) return refusal;
            return await StoreAsync(request, reader, archive, packages, received, ct);
        }
        catch (JmixException e)
        {
            return JmixResponses.Refused(request, e);
        }
        catch (IOException e) when (e is not EndOfStreamException)
        {
            throw store.Fault(e);
        }
        finally
        {
            await PackageStore.DiscardAsync(archive);
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
        return JmixResponses.Json(request, 400, new JsonObject { ["error"] = first is null ? reason : $"{reason}: {first}", ["findings"] = findings });
    }

    private async Task<ResponseEnvelope> StoreAsync(RequestEnvelope request, JmixReader reader, FileStream archive, string packages, JmixAuditEntry received,
        CancellationToken ct)
    {
        var id = Guid.ParseExact(reader.Report.Id!, "D");
        var study = reader.Report.StudyInstanceUid ?? "";
        // A zip is stored as it came, byte for byte; everything else becomes a zip.
        var isStoredAsItCame = reader.Report.Container == PackageContainer.Zip && reader.Report.Root.Length == 0 && !settings.Audits;
        var stored = isStoredAsItCame ? archive : await CopyAsync(reader.Files, settings.Audits ? [received, settings.Entry("stored")] : [], ct);
        var outcome = await store.StoreAsync(stored, id, study, ct);
        if (outcome == StoreOutcome.Conflict && settings.Audits && await IsSameAsync(reader.Files, id, ct)) outcome = StoreOutcome.WasThere;
        if (outcome == StoreOutcome.Stored && settings.Forwards) delivery.Add(id, request.PipelineName);
        if (outcome == StoreOutcome.Conflict) return JmixResponses.Error(request, 409, "envelope id already exists");
        var document = new JsonObject { ["id"] = id.ToString(), ["status"] = "stored" };
        var response = JmixResponses.Json(request, outcome == StoreOutcome.Stored ? 201 : 200, document);
        response.Headers.Add("location", $"{packages}/{id}");
        response.Metadata["jmix_id"] = id.ToString();
        return response;
    }

    private Task<FileStream> CopyAsync(PackageFiles files, JmixAuditEntry[] happened, CancellationToken ct) => store.WriteAsync(async copy =>
    {
        await using var sink = settings.Sink(copy);
        await PackageCopy.WriteAsync(files, sink, happened, ct);
    });

    /// <summary>Whether a package equals the stored one in all files but <c>audit.json</c>.</summary>
    private async ValueTask<bool> IsSameAsync(PackageFiles files, Guid id, CancellationToken ct)
    {
        if (await store.OpenAsync(id, ct) is not { } archive) return false;
        using var there = PackageFiles.OfZip(archive, settings.Limits);
        var names = files.Lengths.Keys.Append("audit.json").Distinct().Order(StringComparer.Ordinal);
        if (!names.SequenceEqual(there.Lengths.Keys.Order(StringComparer.Ordinal))) return false;
        foreach (var name in files.Lengths.Keys.Where(n => n != "audit.json"))
        {
            if (files.Lengths[name] != there.Lengths[name]) return false;
            await using var one = files.Open(name);
            await using var other = there.Open(name);
            var (hash, otherHash) = (await SHA256.HashDataAsync(one, ct), await SHA256.HashDataAsync(other, ct));
            if (!hash.AsSpan().SequenceEqual(otherHash)) return false;
        }

        return true;
    }
}
