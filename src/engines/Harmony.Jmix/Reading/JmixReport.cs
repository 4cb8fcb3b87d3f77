using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;

namespace Harmony.Jmix.Reading;

/// <summary>The severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>A note: another reader may not read this form.</summary>
    Note,

    /// <summary>Against the specification, but everything in the package can be used.</summary>
    Warning,

    /// <summary>A hash, signature or document is wrong, or a part cannot be used.</summary>
    Error,
}

/// <summary>A finding in a package.</summary>
/// <param name="Severity">The severity.</param>
/// <param name="Code">A short name that does not change: <c>payload-hash-mismatch</c>.</param>
/// <param name="Where">The file, and the place within it: <c>manifest.json#/sender</c>.</param>
/// <param name="Message">The fault and the expected content, for a person.</param>
public sealed record JmixFinding(FindingSeverity Severity, string Code, string Where, string Message);

/// <summary>The result of an examination: dialect, producer, signatures and findings of a package.</summary>
public sealed record JmixReport
{
    /// <summary>The container of the package.</summary>
    public required PackageContainer Container { get; init; }

    /// <summary>The folder within the archive that holds the package; empty if the package lies at the top.</summary>
    public string Root { get; init; } = "";

    /// <summary>
    /// The program that made the package, as far as its form tells: <c>Harmony</c>, <c>jmix-rs</c>, <c>jmix-php</c>, <c>jmix-js</c>, <c>unknown</c>.
    /// </summary>
    public string Maker { get; init; } = "unknown";

    /// <summary>The identifier; null if it is missing or no UUID.</summary>
    public string? Id { get; init; }

    /// <summary>The study that the metadata names; null if the metadata cannot be read.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>Whether the payload is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The name of the encrypted file; null for a plain payload.</summary>
    public string? CiphertextName { get; init; }

    /// <summary>The key derivation that decrypted the payload; null if the payload was not decrypted.</summary>
    public string? HkdfInfo { get; init; }

    /// <summary>The prefix of names in the encrypted archive; null if the payload was not decrypted.</summary>
    public string? TarRoot { get; init; }

    /// <summary>The content that the payload hash covers; null if there is no hash, or the hash is wrong.</summary>
    public PayloadHashForm? PayloadHash { get; init; }

    /// <summary>How <c>files.json</c> writes hashes: <c>hex</c>, <c>sha256:hex</c>, <c>jmix-js listing</c>; null without any.</summary>
    public string? FileHashes { get; init; }

    /// <summary>The outcome of verifying <c>manifest.jws</c>.</summary>
    public ManifestSignatureOutcome ManifestSignature { get; init; }

    /// <summary>The outcome of verifying each assertion.</summary>
    public IReadOnlyList<AssertionResult> Assertions { get; init; } = [];

    /// <summary>The number of DICOM files in the payload; null if the payload was not decrypted.</summary>
    public int? DicomFiles { get; init; }

    /// <summary>The manifest; null if it cannot be read.</summary>
    public JsonObject? Manifest { get; init; }

    /// <summary>All findings, the gravest first.</summary>
    public IReadOnlyList<JmixFinding> Findings { get; init; } = [];

    /// <summary>Whether there is no finding of severity <see cref="FindingSeverity.Error"/>.</summary>
    public bool IsValid => Findings.All(f => f.Severity != FindingSeverity.Error);
}
