using Harmony.Jmix.Security;

namespace Harmony.Jmix.Model;

/// <summary>A sender, requester or receiver of a package.</summary>
/// <param name="Id">The identifier, for instance <c>org:clinic.example</c>.</param>
/// <param name="Name">The name for people; null for none.</param>
/// <param name="Contact">An address for questions; null for none.</param>
public sealed record JmixEntity(string Id, string? Name = null, string? Contact = null)
{
    /// <summary>The Ed25519 key that signs the assertion of this entity; null for no assertion.</summary>
    public SigningKeyPair? SigningKey { get; init; }

    /// <summary>When the assertion ends; null for an assertion without an end.</summary>
    public DateTimeOffset? AssertionExpires { get; init; }

    /// <summary>Where a receiver finds the public key, as a URI.</summary>
    public string? KeyReference { get; init; }
}

/// <summary>How confidential a package is (manifest, <c>security.classification</c>).</summary>
public enum JmixClassification
{
    /// <summary>Identified patient data.</summary>
    Confidential,

    /// <summary>Patient data that needs more care than usual.</summary>
    Sensitive,

    /// <summary>Data from which the identity has been removed.</summary>
    DeIdentified,
}

/// <summary>The consent of a patient (<c>extensions.consent</c>).</summary>
/// <param name="Status"><c>granted</c>, <c>denied</c> or <c>unknown</c>.</param>
public sealed record JmixConsent(string Status)
{
    /// <summary>Uses that the patient consents to: <c>treatment</c>, <c>research</c>, <c>emergency</c>, <c>operations</c>, <c>patient</c>.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    /// <summary>How consent was given.</summary>
    public string? Method { get; init; }

    /// <summary>The day on which consent was given.</summary>
    public DateOnly? SignedOn { get; init; }
}
