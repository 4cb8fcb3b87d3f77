namespace Harmony.Jose;

/// <summary>Keys that verify the tokens of one issuer. Immutable.</summary>
/// <param name="keys">The keys.</param>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    /// <summary>A set without keys: nothing has been fetched yet.</summary>
    public static readonly KeySet Empty = new([]);

    /// <summary>The keys.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; } = keys;

    /// <summary>
    /// Whether a key may have made the signature: the one a token names, if the keys have names, else each that serves the algorithm.
    /// The name only chooses among keys that are trusted anyway.
    /// </summary>
    /// <param name="header">The token's header.</param>
    /// <param name="algorithm">The algorithm of the header.</param>
    public IEnumerable<VerificationKey> Candidates(JoseHeader header, JwsAlgorithm algorithm)
        => Keys.Where(k => k.Serves(algorithm) && (header.Kid is null || k.Kid is null || k.Kid == header.Kid));

    /// <summary>Whether a key of that name is there.</summary>
    public bool Knows(string? kid) => kid is null ? Keys.Count > 0 : Keys.Any(k => k.Kid is null || k.Kid == kid);
}
