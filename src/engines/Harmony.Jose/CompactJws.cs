using System.Text;

namespace Harmony.Jose;

/// <summary>A signed token in compact form (RFC 7515 §7.1), taken apart and not yet believed.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Payload">What it says.</param>
/// <param name="Signed">The bytes that were signed.</param>
/// <param name="Signature">The signature over them.</param>
internal sealed record CompactJws(JoseHeader Header, byte[] Payload, byte[] Signed, byte[] Signature)
{
    /// <summary>Whether a text has the three parts of a signed token.</summary>
    public static bool HasForm(ReadOnlySpan<char> text) => text.Count('.') == 2;

    /// <summary>Takes a token apart.</summary>
    /// <param name="text">The token.</param>
    /// <param name="jws">The parts.</param>
    /// <param name="reason">Why it is refused; holds nothing of it.</param>
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
