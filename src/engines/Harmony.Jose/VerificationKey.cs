namespace Harmony.Jose;

/// <summary>A key that verifies signatures, and the algorithms it is pinned to. Safe for use by several requests at a time.</summary>
/// <param name="kid">Its name, or null.</param>
/// <param name="algorithms">Those it serves, all of one family.</param>
internal abstract class VerificationKey(string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
{
    /// <summary>Its name in its set (RFC 7517 §4.5), or null.</summary>
    public string? Kid { get; } = kid;

    /// <summary>Whether it is used with that algorithm.</summary>
    public bool Serves(JwsAlgorithm algorithm) => algorithms.Contains(algorithm);

    /// <summary>Whether the signature is one of this key over these bytes.</summary>
    /// <param name="algorithm">One that it <see cref="Serves"/>.</param>
    /// <param name="signed">What was signed.</param>
    /// <param name="signature">The signature.</param>
    public abstract bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
