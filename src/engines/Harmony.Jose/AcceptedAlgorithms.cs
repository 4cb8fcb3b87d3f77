namespace Harmony.Jose;

/// <summary>The algorithms that a configuration accepts, in its order, and with them the choice of those that one key may serve.</summary>
/// <param name="listed">Those accepted.</param>
internal sealed class AcceptedAlgorithms(IReadOnlyList<JwsAlgorithm> listed)
{
    /// <summary>Where nothing is listed: RS256, and for elliptic keys the algorithm of their curve.</summary>
    public static readonly AcceptedAlgorithms Default = new([.. JwsAlgorithm.All.Where(a => a.Name == "RS256" || a.Family == SignatureFamily.Ecdsa)]);

    /// <summary>HS256 alone.</summary>
    public static readonly AcceptedAlgorithms Hs256 = new([.. JwsAlgorithm.All.Where(a => a.Name == "HS256")]);

    /// <summary>Those accepted, in the order of the configuration.</summary>
    public IReadOnlyList<JwsAlgorithm> Listed { get; } = listed;

    /// <summary>
    /// The algorithms that a key serves: what it says of itself (<c>alg</c> of RFC 7517 §4.4) if that is accepted, else those accepted of
    /// one family, the first listed that fits. The token has no say in this (RFC 8725 §3.1).
    /// </summary>
    /// <param name="fits">What the key can do at all.</param>
    /// <param name="stated">The algorithm the key is marked for, or null.</param>
    /// <returns>Empty when the key is of no use.</returns>
    public IReadOnlyList<JwsAlgorithm> Pin(Func<JwsAlgorithm, bool> fits, string? stated)
    {
        var possible = Listed.Where(a => fits(a) && (stated is null || a.Name == stated)).ToList();
        return possible.Count == 0 ? possible : [.. possible.Where(a => a.Family == possible[0].Family)];
    }
}
