using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Jmix.Model;
using Harmony.Jmix.Security;

namespace Harmony.Jmix.Reading;

/// <summary>Examines a package from the manifest to the last file, and collects the findings.</summary>
internal sealed class PackageExamination(PackageFiles files, JmixReadOptions options) : IDisposable
{
    private const string PayloadPrefix = "payload/";

    private readonly List<JmixFinding> _findings = [];
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private DecryptedPayload? _decrypted;
    private PackageFiles? _plain;

    /// <summary>The decrypted payload of an encrypted package; null before, and for other packages.</summary>
    public PackageFiles? Payload { get; private set; }

    /// <summary>The folder of the decrypted payload, which is deleted at the end.</summary>
    public string? Unpacked { get; private set; }

    /// <summary>The files of the payload, decrypted or plain, relative to <c>payload/</c>; none if the payload could not be decrypted.</summary>
    public PackageFiles Contents => Payload ?? (_plain ??= files.Within(PayloadPrefix));

    public async Task<JmixReport> RunAsync(CancellationToken cancellation)
    {
        var report = new JmixReport { Container = files.Container, Root = files.Root, CiphertextName = DecryptedPayload.CiphertextOf(files) };
        var manifestBytes = await files.ReadAsync("manifest.json", cancellation);
        if (manifestBytes is null)
        {
            Error("manifest-missing", "manifest.json", "the package has no manifest.json");
            return report with { Findings = _findings };
        }

        if (Parse(manifestBytes, "manifest.json") is not { } manifest) return report with { Findings = _findings };
        var isJs = manifest.ContainsKey("envelope_id") || manifest.ContainsKey("jmix_version");
        if (isJs) TellJs(manifest);
        else Check(Shape.Manifest, manifest, "manifest.json");
        var id = Text(manifest[isJs ? "envelope_id" : "id"]);
        var security = manifest["security"] as JsonObject;
        var encryption = security?["encryption"] as JsonObject;
        report = report with
        {
            Manifest = manifest,
            Id = Guid.TryParseExact(id, "D", out _) ? id : null,
            IsEncrypted = encryption is not null || report.CiphertextName is not null
        };

        await CheckAuditAsync(isJs, cancellation);
        await OpenPayloadAsync(encryption, report, cancellation);
        report = report with { HkdfInfo = _decrypted?.HkdfInfo, TarRoot = _decrypted?.TarRoot };
        if (!report.IsEncrypted || Payload is not null)
        {
            report = await CheckMetadataAsync(report, id, isJs, cancellation);
            report = await CheckListingAsync(report, cancellation);
            report = report with { DicomFiles = Contents.Lengths.Keys.Count(n => n.StartsWith("dicom/", StringComparison.Ordinal)) };
        }

        report = report with { PayloadHash = await CheckPayloadHashAsync(Text(security?["payload_hash"]), report, cancellation) };
        report = CheckAssertions(manifest, report);
        report = await CheckSignatureAsync(manifest, manifestBytes, report, cancellation);
        return report with { Maker = Maker(report, isJs), Findings = [.. _findings.OrderByDescending(f => f.Severity)] };
    }

    public void Dispose()
    {
        Payload?.Dispose();
        if (Unpacked is not null && Directory.Exists(Unpacked)) Directory.Delete(Unpacked, recursive: true);
    }

    private void TellJs(JsonObject manifest)
    {
        Warn("manifest-not-schema", "manifest.json", "the manifest has the members of jmix-js (envelope_id, created_at, receivers), not those of the schema");
        if (manifest.ContainsKey("patient"))
            Warn("patient-in-manifest", "manifest.json#/patient",
                "the manifest names the patient; a manifest is never encrypted, and the specification keeps patients out of it");
    }

    private async Task CheckAuditAsync(bool isJs, CancellationToken cancellation)
    {
        var audit = await files.ReadAsync("audit.json", cancellation);
        if (audit is null) Warn("audit-missing", "audit.json", "the package has no audit.json");
        else if (Parse(audit, "audit.json") is { } document && !isJs) Check(Shape.Audit, document, "audit.json");
    }

    private async Task OpenPayloadAsync(JsonObject? encryption, JmixReport report, CancellationToken cancellation)
    {
        if (!report.IsEncrypted)
        {
            if (Contents.Lengths.Count == 0) Error("payload-missing", "payload/", "the package has no payload");
            return;
        }

        if (encryption is null)
            Error("encryption-missing", "manifest.json#/security", $"there is a {report.CiphertextName}, but the manifest does not say how it is encrypted");
        else if (report.CiphertextName is null)
            Error("ciphertext-missing", "payload.encrypted", "the manifest says that the payload is encrypted, but there is no payload.encrypted");
        else if (options.Key is not { } key)
            Note("payload-closed", report.CiphertextName, "the payload is encrypted, and no key was given: what is in it has not been looked at");
        else await DecryptAsync(encryption, key, report.CiphertextName, cancellation);
    }

    private async Task DecryptAsync(JsonObject encryption, DecryptionKey key, string ciphertext, CancellationToken cancellation)
    {
        Unpacked = Directory.CreateDirectory(Path.Combine(options.TemporaryFolder ?? Path.GetTempPath(), $"jmix-{Guid.NewGuid():N}")).FullName;
        try
        {
            _decrypted = await DecryptedPayload.OpenAsync(files, encryption, key, Directory.CreateDirectory(Path.Combine(Unpacked, "p")).FullName,
                options.Limits, cancellation);
            Payload = PackageFiles.OfPayload(_decrypted.Folder);
        }
        catch (JmixException e)
        {
            Error(e.Fault == JmixFault.WrongKey ? "wrong-key" : "payload-unreadable", ciphertext, e.Message);
        }
    }

    private async Task<JmixReport> CheckMetadataAsync(JmixReport report, string? id, bool isJs, CancellationToken cancellation)
    {
        if (await Contents.ReadAsync("metadata.json", cancellation) is not { } bytes)
        {
            Error("metadata-missing", "payload/metadata.json", "the payload has no metadata.json");
            return report;
        }

        if (Parse(bytes, "payload/metadata.json") is not { } metadata) return report;
        if (isJs) return report with { StudyInstanceUid = Text(metadata["study"]?["uid"]) };
        Check(Shape.Metadata, metadata, "payload/metadata.json");
        if (Text(metadata["id"]) is { } other && other != id)
            Error("id-mismatch", "payload/metadata.json#/id", "the metadata is that of another package: its id is not the manifest's");
        return report with { StudyInstanceUid = Text(metadata["studies"]?["study_uid"]) };
    }

    private async Task<JmixReport> CheckListingAsync(JmixReport report, CancellationToken cancellation)
    {
        var others = Contents.Lengths.Keys.Where(n => n.StartsWith("files/", StringComparison.Ordinal)).ToList();
        if (await Contents.ReadAsync("files.json", cancellation) is not { } bytes)
        {
            if (others.Count > 0) Warn("listing-missing", "payload/files.json", "the payload has files, but no files.json that lists them");
            return report;
        }

        if (ParseNode(bytes, "payload/files.json") is not { } document) return report;
        if (document is JsonObject js && js["files"] is JsonArray jsFiles)
        {
            Warn("listing-not-schema", "payload/files.json", "files.json has the form of jmix-js, not that of the schema");
            await CheckFilesAsync(jsFiles, "path", "size", cancellation);
            return report with { FileHashes = "jmix-js listing" };
        }

        Check(Shape.Files, document, "payload/files.json");
        if (document is not JsonArray entries) return report;
        await CheckFilesAsync(entries, "file", "size_bytes", cancellation);
        var listed = entries.Select(e => Text(e?["file"])).ToHashSet();
        foreach (var name in others.Where(n => !listed.Contains(n)))
            Warn("file-not-listed", "payload/" + name, "files.json does not list the file; the specification demands it of everything in files/");
        var hash = entries.Select(e => Text(e?["hash"])).FirstOrDefault(h => h is not null);
        return report with { FileHashes = hash is null ? null : hash.StartsWith("sha256:", StringComparison.Ordinal) ? "sha256:hex" : "hex" };
    }

    private async Task CheckFilesAsync(JsonArray entries, string nameMember, string sizeMember, CancellationToken cancellation)
    {
        foreach (var entry in entries.OfType<JsonObject>())
        {
            if (Text(entry[nameMember]) is not { } name) continue;
            if (!Contents.Lengths.TryGetValue(name, out var length))
            {
                Error("listed-file-missing", "payload/" + name, "files.json lists the file, but the payload does not have it");
                continue;
            }

            if (entry[sizeMember] is JsonValue size && size.TryGetValue(out JsonElement number) && number.TryGetInt64(out var stated) && stated != length)
                Error("file-size-mismatch", "payload/" + name, $"the file has {length} bytes, files.json says {stated}");
            if (!options.VerifyHashes || Text(entry["hash"]) is not { } hash) continue;
            var digits = hash.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? hash["sha256:".Length..] : hash;
            if (digits.Length != 64) Note("hash-unknown", "payload/" + name, "the hash in files.json is no SHA-256 and was not compared");
            else if (!string.Equals(digits, await HashAsync(name, cancellation), StringComparison.OrdinalIgnoreCase))
                Error("file-hash-mismatch", "payload/" + name, "the file is not the one that files.json lists: the hashes differ");
        }
    }

    private async Task<PayloadHashForm?> CheckPayloadHashAsync(string? stated, JmixReport report, CancellationToken cancellation)
    {
        if (stated is null || !options.VerifyHashes) return null;
        if (stated == "sha256:skipped")
        {
            Warn("hash-skipped", "manifest.json#/security/payload_hash",
                "the hash says 'skipped', which the schema does not allow; leave the member out instead");
            return null;
        }

        foreach (var (form, hash) in await CandidatesAsync(report, cancellation))
        {
            if (string.Equals(hash, stated, StringComparison.OrdinalIgnoreCase)) return form;
        }

        if (report.IsEncrypted && Payload is null) Note("payload-hash-open", "manifest.json#/security/payload_hash",
            "the hash is not that of the encrypted file; without the key the other forms cannot be compared");
        else Error("payload-hash-mismatch", "manifest.json#/security/payload_hash",
            "the payload is not the one that the manifest names: no known form of the hash fits");
        return null;
    }

    private async Task<List<(PayloadHashForm Form, string Hash)>> CandidatesAsync(JmixReport report, CancellationToken cancellation)
    {
        var candidates = new List<(PayloadHashForm, string)>();
        if (report.CiphertextName is { } ciphertext)
        {
            await using var stream = files.Open(ciphertext);
            candidates.Add((PayloadHashForm.Ciphertext, PayloadHash.Text(await SHA256.HashDataAsync(stream, cancellation))));
            if (_decrypted is not null) candidates.Add((PayloadHashForm.PlainArchive, _decrypted.ArchiveHash));
            if (Payload is null) return candidates;
        }

        var listed = new List<PayloadFile>();
        foreach (var (name, length) in Contents.Lengths) listed.Add(new PayloadFile(name, length, await HashAsync(name, cancellation)));
        candidates.Add((PayloadHashForm.Listing, PayloadHash.OfListing(listed, Contents.EmptyFolders)));
        // jmix-php always makes the folder; an archive loses it
        candidates.Add((PayloadHashForm.Listing, PayloadHash.OfListing(listed, [.. Contents.EmptyFolders, "dicom"])));
        candidates.Add((PayloadHashForm.Contents, await PayloadHash.OfContentsAsync(Contents.Lengths.Keys, Contents.Open, cancellation)));
        return candidates;
    }

    private JmixReport CheckAssertions(JsonObject manifest, JmixReport report)
    {
        var results = Assertions.Verify(manifest, options.Clock.GetUtcNow());
        foreach (var result in results)
        {
            var where = $"manifest.json#/{result.Where}/assertion";
            if (result.Outcome == AssertionOutcome.Expired) Error("assertion-expired", where, result.Reason);
            else if (result.Outcome == AssertionOutcome.Invalid) Error("assertion-invalid", where, result.Reason);
            else if (result.Outcome == AssertionOutcome.ValidButEmpty) Warn("assertion-empty", where, result.Reason);
            else if (!result.Fields.Contains("security.payload_hash"))
                Note("assertion-without-payload", where, "the assertion does not cover the payload hash: it would fit another payload as well");
            if (result.HasDirectoryAttestation) Note("attestation-not-verifiable",
                where + "/directory_attestation", "the attestation was not verified: the directory's key has to come from the directory");
        }

        return report with { Assertions = results };
    }

    private async Task<JmixReport> CheckSignatureAsync(JsonObject manifest, byte[] manifestBytes, JmixReport report, CancellationToken cancellation)
    {
        var name = Text(manifest["security"]?["jws"]?["jws_file"]) ?? ManifestSignature.FileName;
        if (await files.ReadAsync(name, cancellation) is not { } jws)
        {
            if (manifest["security"]?["jws"] is not null)
                Error("signature-missing", name, "the manifest says that it is signed, but the signature is not in the package");
            return report;
        }

        IEnumerable<byte[]> keys = options.TrustedKeys.Count > 0 ? options.TrustedKeys : Keys(manifest);
        var outcome = ManifestSignature.Verify(jws, manifestBytes, keys);
        switch (outcome)
        {
            case ManifestSignatureOutcome.Invalid:
                Error("signature-invalid", name, "the signature does not fit the manifest or the key");
                break;
            case ManifestSignatureOutcome.NotVerifiable:
                Warn("signature-not-verifiable", name, "the signature was not verified: no key is known that could have made it");
                break;
            case ManifestSignatureOutcome.ValidWithoutPayload:
                Warn("signature-without-payload", name,
                    "the signature fits, but was made before the payload hash was known: it would fit another payload as well");
                break;
        }

        return report with { ManifestSignature = outcome };
    }

    private static IEnumerable<byte[]> Keys(JsonObject manifest)
    {
        if (Text(manifest["sender"]?["assertion"]?["signing_key"]?["public_key"]) is not { Length: < 256 } text) yield break;
        var bytes = new byte[256];
        if (Convert.TryFromBase64String(text, bytes, out var count) && count == 32) yield return bytes[..32];
    }

    private static string Maker(JmixReport report, bool isJs)
    {
        if (isJs) return "jmix-js";
        if (Text(report.Manifest?["extensions"]?["generator"]) == "Harmony") return "Harmony";
        if (report.CiphertextName == "payload.enc" || report.HkdfInfo == JmixDialect.JmixRs.HkdfInfo
            || report.PayloadHash is PayloadHashForm.Contents or PayloadHashForm.PlainArchive) return "jmix-rs";
        if (report.HkdfInfo == JmixDialect.JmixPhp.HkdfInfo || report.PayloadHash is PayloadHashForm.Listing or PayloadHashForm.Ciphertext) return "jmix-php";
        return report.HkdfInfo == JmixDialect.JmixJs.HkdfInfo ? "jmix-js" : "unknown";
    }

    private async Task<string> HashAsync(string name, CancellationToken cancellation)
    {
        if (_hashes.TryGetValue(name, out var known)) return known;
        await using var stream = Contents.Open(name);
        return _hashes[name] = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private JsonObject? Parse(byte[] bytes, string name)
    {
        var node = ParseNode(bytes, name);
        if (node is null or JsonObject) return (JsonObject?)node;
        Error("not-an-object", name, "an object is expected");
        return null;
    }

    private JsonNode? ParseNode(byte[] bytes, string name)
    {
        try
        {
            return JmixJson.Parse(bytes, name);
        }
        catch (JmixException e)
        {
            Error("not-json", name, e.Message);
            return null;
        }
    }

    private void Check(Shape shape, JsonNode document, string name)
        => shape.Check(document, "", (where, problem) => Error("schema", $"{name}#{where}", problem));

    private void Error(string code, string where, string message) => _findings.Add(new JmixFinding(FindingSeverity.Error, code, where, message));

    private void Warn(string code, string where, string message) => _findings.Add(new JmixFinding(FindingSeverity.Warning, code, where, message));

    private void Note(string code, string where, string message) => _findings.Add(new JmixFinding(FindingSeverity.Note, code, where, message));

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
