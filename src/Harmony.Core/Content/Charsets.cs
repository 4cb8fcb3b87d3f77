using System.Text;
using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>Bytes to text by the charset of a content type. Bytes that are not of the charset are an error, not question marks.</summary>
internal static class Charsets
{
    // Names of the encodings that the WHATWG Encoding Standard lists. Not the rest of what .NET knows: with EBCDIC or UTF-7, a filter
    // before us and a backend behind us would read something else.
    private static readonly string[] Families =
    [
        "utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-", "latin", "windows-125", "windows-874", "koi8-", "macintosh",
        "gb18030", "gbk", "gb2312", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-2022-jp",
    ];

    /// <summary>The text of bytes; a byte order mark outweighs the charset, and is not part of the text.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="charset">The name in lower case; null means UTF-8.</param>
    /// <exception cref="ContentException">The charset is not known, or the bytes are not of it.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var encoding = MarkedAs(bytes, out var mark) ?? Find(charset ?? "utf-8");
        try
        {
            return encoding.GetString(bytes[mark..]);
        }
        catch (DecoderFallbackException e)
        {
            throw ContentException.Malformed($"is not {encoding.WebName.ToUpperInvariant()}", e);
        }
    }

    /// <summary>Whether the bytes are UTF-8 as far as charset and byte order mark tell.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes, string? charset)
        => MarkedAs(bytes, out _) is { } marked ? marked.CodePage == Encoding.UTF8.CodePage : charset is null or "utf-8" or "utf8";

    /// <exception cref="ContentException">The charset is not known.</exception>
    public static Encoding Find(string charset)
    {
        if (charset == "utf8") charset = "utf-8";
        var encoding = Array.Exists(Families, family => charset.StartsWith(family, StringComparison.Ordinal)) ? Known(charset) : null;
        if (encoding is null)
            throw new ContentException(FaultKind.UnsupportedContent, "has a charset that is not known; UTF-8, UTF-16, ISO 8859 and Windows code pages are");
        return encoding;
    }

    private static Encoding? Known(string charset)
    {
        // Not registered for the whole process: XML declarations and other users shall see what the base library gives them.
        if (CodePagesEncodingProvider.Instance.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) is { } page)
            return page;
        try
        {
            return Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Encoding? MarkedAs(ReadOnlySpan<byte> bytes, out int length)
    {
        var name = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => "utf-8",
            [0xFF, 0xFE, ..] => "utf-16",
            [0xFE, 0xFF, ..] => "utf-16be",
            _ => null,
        };
        length = name is null ? 0 : name == "utf-8" ? 3 : 2;
        return name is null ? null : Find(name);
    }
}
