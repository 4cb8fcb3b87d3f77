using System.Globalization;
using System.Text;

namespace Harmony.Core.Routing;

/// <summary>Removes dot segments and repeated slashes from a path whose escapes are normalised already, so that every dot is a dot.</summary>
internal static class PathSegments
{
    /// <summary>Rewrites <paramref name="path"/> in place; it starts with a slash and never grows.</summary>
    internal static bool TryRemoveDots(Span<char> path, out int length, out string? reason)
    {
        length = 0;
        reason = null;
        for (var start = 0; start < path.Length;)
        {
            var segment = First(path[(start + 1)..]);
            var next = start + 1 + segment.Length;
            if (!TryPlace(path, segment, ref length, out reason)) return false;
            // What vanishes at the end leaves its slash: "/a/." and "/a/b/.." are "/a/".
            if (next == path.Length && IsDotsOrEmpty(segment)) path[length++] = '/';
            start = next;
        }
        return true;
    }

    /// <summary>
    /// Whether a server that strips parameters, trims blanks, or takes <c>%2F</c> or <c>%5C</c> for a separator would find a dot segment in
    /// <paramref name="segment"/>, which is none itself.
    /// </summary>
    internal static bool HidesDots(ReadOnlySpan<char> segment)
    {
        while (true)
        {
            var cut = segment.IndexOfAny(PathCharacters.EncodedSeparators);
            if (IsDotsInDisguise(cut < 0 ? segment : segment[..cut])) return true;
            if (cut < 0) return false;
            segment = segment[(cut + PercentEncoding.EscapeLength)..];
        }
    }

    private static bool TryPlace(Span<char> path, ReadOnlySpan<char> segment, ref int length, out string? reason)
    {
        reason = null;
        if (segment is "" or ".") return true;
        if (segment is "..")
        {
            if (length == 0) reason = "path leads above the root";
            else length = path[..length].LastIndexOf('/');
        }
        else if (HidesDots(segment)) reason = "disguised dot segment in the path";
        else
        {
            path[length++] = '/';
            segment.CopyTo(path[length..]);
            length += segment.Length;
        }
        return reason is null;
    }

    private static Span<char> First(Span<char> rest)
    {
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    private static bool IsDotsOrEmpty(ReadOnlySpan<char> segment) => segment is "" or "." or "..";

    private static bool IsDotsInDisguise(ReadOnlySpan<char> part)
    {
        int dots = 0, at = 0;
        var disguised = false;
        while (at < part.Length)
        {
            if (part[at] == '.')
            {
                dots++;
                at++;
                continue;
            }
            disguised = true;
            if (StartsParameters(part[at..])) break;
            if (!TrySkipBlank(part[at..], out var charsRead)) return false;
            at += charsRead;
        }
        return dots > 0 && (disguised || dots <= 2);
    }

    private static bool StartsParameters(ReadOnlySpan<char> text) => text[0] == ';' || text.StartsWith("%3B");

    private static bool TrySkipBlank(ReadOnlySpan<char> text, out int charsRead)
        => PercentEncoding.TryReadRune(text, out var rune, out charsRead)
            && (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format);
}
