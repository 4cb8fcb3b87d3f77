using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>What tokens must be.</summary>
/// <param name="Algorithms">The algorithms accepted.</param>
/// <param name="Rules">What their claims must be.</param>
/// <param name="MaxTokenBytes">Longest token.</param>
/// <param name="CacheSize">How many verified tokens are remembered.</param>
internal sealed record JwtVerification(AcceptedAlgorithms Algorithms, JwtRules Rules, int MaxTokenBytes, int CacheSize)
{
    /// <summary>The algorithm a header names, if it is accepted. Whether a key serves it is the key's to say.</summary>
    public JwsAlgorithm? Algorithm(JoseHeader header)
    {
        foreach (var algorithm in Algorithms.Listed)
        {
            if (algorithm.Name == header.Algorithm) return algorithm;
        }

        return null;
    }
}
