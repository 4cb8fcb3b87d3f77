using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;

namespace Harmony.Jmix.Reading;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing: a form that another reader may not take.</summary>
    Note,

    /// <summary>Against the specification, but everything in the package can be used.</summary>
    Warning,

    /// <summary>The package is not what it says it is, or a part cannot be used.</summary>
    Error,
}

/// <summary>One thing that was found in a package.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">A short name that does not change: <c>payload-hash-mismatch</c>.</param>
/// <param name="Where">The file, and the place within it: <c>manifest.json#/sender</c>.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
public sealed record JmixFinding(FindingSeverity Severity, string Code, string Where, string Message);

/// <summary>What was found of a package: which form it has, who made it, what holds and what does not.</summary>
public sealed record JmixReport
{
    /// <summary>How the package is packed.</summary>
    public required PackageContainer Container { get; init; }

    /// <summary>The folder within the archive that holds the package; empty if the package lies at the top.</summary>
    public string Root { get; init; } = "";

    /// <summary>
    /// The program that made the package, as far as its form tells: <c>Harmony</c>, <c>jmix-rs</c>, <c>jmix-php</c>, <c>jmix-js</c>, <c>unknown</c>.
    /// </summary>
    public string Maker { get; init; } = "unknown";

    /// <summary>The identifier; null if there is none that could be one.</summary>
    public string? Id { get; init; }

    /// <summary>The study, as the metadata says; null if it cannot be read.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>Whether the payload is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The name of the encrypted file; null for a plain payload.</summary>
    public string? CiphertextName { get; init; }

    /// <summary>The key derivation that opened the payload; null if it was not opened.</summary>
    public string? HkdfInfo { get; init; }

    /// <summary>What stands in front of the names in the encrypted archive; null if it was not opened.</summary>
    public string? TarRoot { get; init; }

    /// <summary>What the payload hash was taken over; null if there is none or it does not fit.</summary>
    public PayloadHashForm? PayloadHash { get; init; }

    /// <summary>How <c>files.json</c> writes hashes: <c>hex</c>, <c>sha256:hex</c>, <c>jmix-js listing</c>; null without any.</summary>
    public string? FileHashes { get; init; }

    /// <summary>What became of <c>manifest.jws</c>.</summary>
    public ManifestSignatureOutcome ManifestSignature { get; init; }

    /// <summary>What became of each assertion.</summary>
    public IReadOnlyList<AssertionResult> Assertions { get; init; } = [];

    /// <summary>How many DICOM files the payload has; null if it was not opened.</summary>
    public int? DicomFiles { get; init; }

    /// <summary>The manifest; null if it cannot be read.</summary>
    public JsonObject? Manifest { get; init; }

    /// <summary>Everything that was found, gravest first.</summary>
    public IReadOnlyList<JmixFinding> Findings { get; init; } = [];

    /// <summary>Whether nothing is wrong that would make the package unusable or untrue.</summary>
    public bool IsValid => Findings.All(f => f.Severity != FindingSeverity.Error);
}
