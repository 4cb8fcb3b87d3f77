using System.CommandLine;
using System.Text.Json.Nodes;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary>
/// <c>harmony jmix validate</c>: checks a package. <c>harmony jmix doctor</c>: prints the form of a package, the program that made it, and its errors.
/// </summary>
internal static class JmixReportCommands
{
    public static Command CreateValidate()
        => Create("validate", "Check a package against its schemas, hashes and signatures; exit code 1 if something is wrong.", tellsForm: false);

    public static Command CreateDoctor()
        => Create("doctor", "Print the form of a package, the program that made it, and everything unusual in it.", tellsForm: true);

    private static Command Create(string name, string description, bool tellsForm)
    {
        var package = new Argument<string>("PACKAGE") { Description = "A package: a zip, a tar.gz, or a folder." };
        var key = new Option<string?>("--key") { Description = "File with the X25519 private key that decrypts the payload." };
        var trusted = new Option<string[]>("--trust")
        {
            Description = "File with an Ed25519 public key that may sign the manifest; the key in the manifest when absent.",
            DefaultValueFactory = _ => [],
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(name, description) { package, key, trusted, json };
        command.SetAction((result, ct) => JmixCommand.RunAsync(result.InvocationConfiguration, async () =>
        {
            using var opens = result.GetValue(key) is { } file ? DecryptionKey.Read(JmixCommand.ReadKey(file)) : null;
            var options = new JmixReadOptions
            {
                Key = opens, TrustedKeys = [.. result.GetValue(trusted)!.Select(f => PublicKeyFile.Read(JmixCommand.ReadKey(f)))]
            };
            using var reader = await JmixReader.OpenAsync(result.GetValue(package)!, options, ct);
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(json)) await output.WriteLineAsync(JsonOutput.Indented(Json(reader.Report)));
            else Print(output, result.GetValue(package)!, reader.Report, tellsForm);
            return reader.Report.IsValid ? 0 : 1;
        }));
        return command;
    }

    private static void Print(TextWriter output, string path, JmixReport report, bool tellsForm)
    {
        foreach (var finding in report.Findings.Where(f => tellsForm || f.Severity != FindingSeverity.Note))
            output.WriteLine($"{path}: {Word(finding.Severity)}: {finding.Where}: {finding.Message}");
        if (tellsForm)
        {
            foreach (var (name, value) in Story(report)) output.WriteLine($"{name,-14} {value}");
        }

        output.WriteLine($"{path}: {(report.IsValid ? "valid" : "not valid")}");
    }

    private static IEnumerable<(string Name, string Value)> Story(JmixReport report)
    {
        yield return ("made by", report.Maker);
        yield return ("packed as", report.Container + (report.Root.Length > 0 ? $", in the folder {report.Root}" : ""));
        yield return ("id", report.Id ?? "none that is a UUID");
        if (report.StudyInstanceUid is { } study) yield return ("study", study);
        if (report.DicomFiles is { } files) yield return ("objects", files.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("payload", report.IsEncrypted ? $"encrypted, in {report.CiphertextName}" : "plain");
        if (report.HkdfInfo is { } info) yield return ("opened with",
            $"key derivation '{info}', archive names {(report.TarRoot is { Length: > 0 } root ? $"begin with {root}" : "relative")}");
        yield return ("payload hash", report.PayloadHash switch
        {
            PayloadHashForm.Listing => "over the listing of names, lengths and hashes (specification)",
            PayloadHashForm.Contents => "over names and contents (jmix-rs, jmix-js)",
            PayloadHashForm.Ciphertext => "over the encrypted file (specification)",
            PayloadHashForm.PlainArchive => "over the archive before its encryption (jmix-rs)",
            _ => "none that fits",
        });
        if (report.FileHashes is { } hashes) yield return ("file hashes", hashes);
        yield return ("signature", report.ManifestSignature.ToString());
        foreach (var assertion in report.Assertions) yield return ("assertion", $"{assertion.Where}: {assertion.Reason}; {assertion.Fingerprint}");
    }

    private static JsonObject Json(JmixReport report)
    {
        var findings = new JsonArray();
        foreach (var f in report.Findings)
            findings.Add((JsonNode)new JsonObject { ["severity"] = Word(f.Severity), ["code"] = f.Code, ["where"] = f.Where, ["message"] = f.Message });
        var assertions = new JsonArray();
        foreach (var a in report.Assertions)
            assertions.Add(
                (JsonNode)new JsonObject { ["where"] = a.Where, ["outcome"] = a.Outcome.ToString(), ["reason"] = a.Reason, ["fingerprint"] = a.Fingerprint });
        return new JsonObject
        {
            ["valid"] = report.IsValid, ["maker"] = report.Maker, ["id"] = report.Id, ["study"] = report.StudyInstanceUid, ["objects"] = report.DicomFiles,
            ["container"] = report.Container.ToString(), ["root"] = report.Root, ["encrypted"] = report.IsEncrypted, ["ciphertext"] = report.CiphertextName,
            ["hkdf_info"] = report.HkdfInfo, ["tar_root"] = report.TarRoot, ["payload_hash"] = report.PayloadHash?.ToString(),
            ["file_hashes"] = report.FileHashes,
            ["signature"] = report.ManifestSignature.ToString(), ["assertions"] = assertions, ["findings"] = findings,
        };
    }

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "note",
    };
}
