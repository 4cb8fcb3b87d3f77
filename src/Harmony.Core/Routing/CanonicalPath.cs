using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

/// <summary>The one spelling of a request path that routes, filters, policies and backends all see.</summary>
/// <remarks>
/// Escapes of unreserved characters are decoded, other escapes are upper case, characters that may not stand in a path are escaped, repeated
/// slashes are one, dot segments are gone. Nothing is decoded twice: <c>%252e</c> remains text. The canonical path of a canonical path is itself.
/// </remarks>
public static class CanonicalPath
{
    private const int StackLimit = 512;

    /// <summary>Brings <paramref name="rawPath"/> into canonical form; the same string comes back if it has that form already.</summary>
    /// <param name="rawPath">A path from its first slash on, without query.</param>
    /// <param name="path">The canonical path.</param>
    /// <param name="oddities">What the path holds that an endpoint refuses unless told otherwise.</param>
    /// <param name="reason">Why there is no canonical path, for a log; quotes nothing from the request.</param>
    public static bool TryCreate(
        string rawPath, [NotNullWhen(true)] out string? path, out PathOddities oddities, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(rawPath);
        return TryCreate(rawPath, 0, rawPath.Length, out path, out oddities, out reason);
    }

    /// <summary>As above, for the part of <paramref name="text"/> that holds a path.</summary>
    internal static bool TryCreate(
        string text, int start, int length, [NotNullWhen(true)] out string? path, out PathOddities oddities, [NotNullWhen(false)] out string? reason)
    {
        path = null;
        reason = null;
        oddities = PathOddities.None;
        var raw = text.AsSpan(start, length);
        if (raw.IsEmpty || raw[0] != '/') reason = "path does not start with a slash";
        else if (IsCanonical(raw)) path = text.Substring(start, length); // the very string if that is all of it
        else path = Rewrite(text, start, length, out oddities, out reason);
        return reason is null;
    }

    // Nearly every request ends here: two vectorised scans.
    private static bool IsCanonical(ReadOnlySpan<char> raw)
        => !raw.ContainsAnyExcept(PathCharacters.Plain) && raw.IndexOfAny(PathCharacters.SegmentsToInspect) < 0;

    private static string? Rewrite(string text, int start, int length, out PathOddities oddities, out string? reason)
    {
        var raw = text.AsSpan(start, length);
        var size = EscapeNormalizer.MaxLength(raw);
        char[]? rented = null;
        var buffer = size <= StackLimit ? stackalloc char[StackLimit] : rented = ArrayPool<char>.Shared.Rent(size);
        try
        {
            var canonical = Rewrite(raw, buffer, out oddities, out reason);
            if (reason is not null) return null;
            // A path with escapes, or with "/.well-known", is often canonical all the same.
            return canonical.SequenceEqual(raw) ? text.Substring(start, length) : canonical.ToString();
        }
        finally
        {
            if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static ReadOnlySpan<char> Rewrite(ReadOnlySpan<char> raw, Span<char> buffer, out PathOddities oddities, out string? reason)
    {
        var normalizer = new EscapeNormalizer(buffer);
        var valid = normalizer.TryAppend(raw);
        oddities = normalizer.Oddities;
        reason = normalizer.Reason;
        if (!valid) return default;

        if (PercentEncoding.HidesSpecialCharacter(normalizer.Written)) oddities |= PathOddities.DoubleEncoding;
        return PathSegments.TryRemoveDots(normalizer.Written, out var length, out reason) ? normalizer.Written[..length] : default;
    }
}
