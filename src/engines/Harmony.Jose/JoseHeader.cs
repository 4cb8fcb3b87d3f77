namespace Harmony.Jose;

/// <summary>What of a JOSE header (RFC 7515 §4) counts here. Nothing in it chooses a key outside the configured ones.</summary>
/// <param name="Algorithm">The value of <c>alg</c>.</param>
/// <param name="Kid">The value of <c>kid</c>, or null.</param>
/// <param name="Type">The value of <c>typ</c>, or null.</param>
/// <param name="ContentType">The value of <c>cty</c>, or null.</param>
internal sealed record JoseHeader(string Algorithm, string? Kid, string? Type, string? ContentType)
{
    /// <summary>Members by which a token brings or names its own key (RFC 7515 §4.1.2, §4.1.3, §4.1.5): whoever believes them believes everybody.</summary>
    private static readonly string[] BringKeys = ["jku", "jwk", "x5u"];

    /// <summary>Reads a header.</summary>
    /// <param name="utf8">Its JSON.</param>
    /// <param name="header">The header.</param>
    /// <param name="reason">Why it is refused; holds nothing of it.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JoseHeader header, out string reason)
    {
        header = new JoseHeader("", null, null, null);
        if (!StrictJson.TryParse(utf8, out var root))
        {
            reason = "the header is no JSON object, or has a member twice";
            return false;
        }

        reason = "a member of the header has the wrong type";
        if (!StrictJson.TryText(root, "alg", out var algorithm) || !StrictJson.TryText(root, "kid", out var kid)) return false;
        if (!StrictJson.TryText(root, "typ", out var type) || !StrictJson.TryText(root, "cty", out var contentType)) return false;
        reason = "the header has no 'alg'";
        if (algorithm is null) return false;
        // RFC 7515 §4.1.11: what is critical and not understood is refused, and nothing is understood here.
        reason = "the header has 'crit'";
        if (root.TryGetProperty("crit", out _)) return false;
        reason = "the token is encrypted";
        if (root.TryGetProperty("enc", out _)) return false;
        foreach (var member in BringKeys)
        {
            reason = $"the header has '{member}'";
            if (root.TryGetProperty(member, out _)) return false;
        }

        header = new JoseHeader(algorithm, kid, type, contentType);
        return true;
    }
}
