using Harmony.Jmix.Model;
using Harmony.Jmix.Security;

namespace Harmony.Jmix;

/// <summary>The metadata of a package, and the form in which the package is written.</summary>
/// <param name="Sender">The system that makes the package.</param>
/// <param name="Receivers">The systems that the package is for; at least one.</param>
public sealed record JmixBuildOptions(JmixEntity Sender, IReadOnlyList<JmixEntity> Receivers)
{
    /// <summary>The version of the JMIX specification that packages state.</summary>
    public const string SpecificationVersion = "1.0";

    /// <summary>The identifier; a new random one by default.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The system that has asked for the package.</summary>
    public JmixEntity? Requester { get; init; }

    /// <summary>How confidential the package is.</summary>
    public JmixClassification Classification { get; init; } = JmixClassification.Confidential;

    /// <summary>The consent of the patient; null for none.</summary>
    public JmixConsent? Consent { get; init; }

    /// <summary>Free tags.</summary>
    public IReadOnlyList<string> CustomTags { get; init; } = [];

    /// <summary>DICOM attributes that were removed or masked, as tags or keywords.</summary>
    public IReadOnlyList<string> RemovedAttributes { get; init; } = [];

    /// <summary>The report among the files, relative to <c>payload/</c>: <c>files/report.pdf</c>.</summary>
    public string? Report { get; init; }

    /// <summary>Leaves hashes out of the listing and the manifest. The package stays valid by the schema.</summary>
    public bool SkipHashing { get; init; }

    /// <summary>Leaves DICOM objects out of <c>files.json</c>. Other files are always listed, as the specification demands.</summary>
    public bool SkipListing { get; init; }

    /// <summary>Encrypts the payload for this X25519 public key (32 bytes); empty for a plain payload.</summary>
    public ReadOnlyMemory<byte> RecipientKey { get; init; }

    /// <summary>The dialect: names, hash and key derivation as an implementation reads them. Default: the specification's.</summary>
    public JmixDialect Dialect { get; init; } = JmixDialect.Specification;

    /// <summary>Signs the manifest into <c>manifest.jws</c>; null for no signature.</summary>
    public SigningKeyPair? ManifestKey { get; init; }

    /// <summary>The clock of all times in the package. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
