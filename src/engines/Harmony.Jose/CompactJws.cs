using System.Buffers.Text;
using System.Buffers;
using System.Text;

namespace Harmony.Jose;

/// <summary>A JWS in compact serialization (RFC 7515 §7.1), parsed and not yet verified.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Signed">The signing input: the bytes that the signature covers.</param>
/// <param name="Signature">The signature.</param>
internal sealed record CompactJws(JoseHeader Header, byte[] Payload, byte[] Signed, byte[] Signature)
{
    /// <summary>Whether a text has the three parts of a signed token.</summary>
    public static bool HasForm(ReadOnlySpan<char> text) => text.Count('.') == 2;

    /// <summary>Parses a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="jws">The parts.</param>
    /// <param name="reason">Why the text is refused; quotes nothing of it.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CompactJws jws, out string reason)
    {
        jws = new CompactJws(new JoseHeader("", null, null, null), [], [], []);
        if (!HasForm(text))
        {
            reason = text.Count('.') == 4 ? "the token is encrypted" : "the token does not have three parts"; // RFC 7516 §9
            return false;
        }

        var (first, last) = (text.IndexOf('.'), text.LastIndexOf('.'));
        reason = "a part of the token is not base64url";
        if (!StrictBase64Url.TryDecode(text[..first], out var head)) return false;
        if (!StrictBase64Url.TryDecode(text[(first + 1)..last], out var payload)) return false;
        if (!StrictBase64Url.TryDecode(text[(last + 1)..], out var signature)) return false;
        if (!JoseHeader.TryParse(head, out var header, out reason)) return false;
        jws = new CompactJws(header, payload, Encoding.ASCII.GetBytes(text[..last].ToArray()), signature);
        return true;
    }
}

/// <summary>A JOSE header (RFC 7515 §4), reduced to the members that are read. No member chooses a key outside of the configured ones.</summary>
/// <param name="Algorithm">The value of <c>alg</c>.</param>
/// <param name="Kid">The value of <c>kid</c>, or null.</param>
/// <param name="Type">The value of <c>typ</c>, or null.</param>
/// <param name="ContentType">The value of <c>cty</c>, or null.</param>
internal sealed record JoseHeader(string Algorithm, string? Kid, string? Type, string? ContentType)
{
    /// <summary>
    /// Members by which a token brings or names its own key (RFC 7515 §4.1.2, §4.1.3, §4.1.5): a verifier that used them would accept any signer.
    /// </summary>
    private static readonly string[] BringKeys = ["jku", "jwk", "x5u"];

    /// <summary>Reads a header.</summary>
    /// <param name="utf8">The JSON of the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="reason">Why the text is refused; quotes nothing of it.</param>
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
        // RFC 7515 §4.1.11: an extension that is critical and not understood is refused, and no extension is understood here.
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

/// <summary>
/// Base64url of RFC 7515 §2: no padding, no white space, no stray bits. With a lenient decoder two texts would mean one token.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes a text.</summary>
    /// <returns>False if the text is not exactly the one that an encoder writes.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return false;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // Refuses stray bits too: the last of two or three characters carries bits that belong to no byte.
        if (Base64Url.DecodeFromChars(text, buffer, out _, out var written) != OperationStatus.Done) return false;
        bytes = written == buffer.Length ? buffer : buffer[..written];
        return true;
    }
}
