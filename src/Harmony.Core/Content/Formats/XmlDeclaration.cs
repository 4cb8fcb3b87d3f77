using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Core.Content.Formats;

/// <summary>What stands before the root element of an XML document: the declaration with its encoding, and perhaps a DTD.</summary>
internal static partial class XmlDeclaration
{
    private const int MaxLength = 256; // the declaration is short, and stands at the very front

    /// <summary>The encoding that the declaration names, in lower case; where there is none, UTF-8 or what the zeros of the first characters tell (XML 1.0 appendix F).</summary>
    public static string EncodingOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0, (byte)'<', ..]) return "utf-16be";
        if (bytes is [(byte)'<', 0, ..]) return "utf-16";
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MaxLength)]);
        var named = DeclaredEncoding().Match(head) is { Success: true } match ? match.Groups["name"].Value.ToLowerInvariant() : "utf-8";
        // The declaration was read byte by byte, so the document is in no encoding of two bytes, whatever it says; such senders mean UTF-8.
        return named.StartsWith("utf-16", StringComparison.Ordinal) ? "utf-8" : named;
    }

    /// <summary>Whether a DTD stands before the root element; comments and processing instructions may stand before it.</summary>
    public static bool HasDoctype(string text)
    {
        var rest = text.AsSpan().TrimStart();
        while (true)
        {
            var end = rest.StartsWith("<?") ? "?>" : rest.StartsWith("<!--") ? "-->" : null;
            if (end is null || rest.IndexOf(end) is not (> 0 and var at)) return rest.StartsWith("<!DOCTYPE");
            rest = rest[(at + end.Length)..].TrimStart();
        }
    }

    [GeneratedRegex("""^\s*<\?xml\s[^>]*\bencoding\s*=\s*["'](?<name>[A-Za-z][A-Za-z0-9._-]*)["']""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DeclaredEncoding();
}
