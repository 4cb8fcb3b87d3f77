namespace Harmony.Core.Content;

/// <summary>Compares entity tags: RFC 9110 §8.8.3.2.</summary>
public static class EntityTags
{
    /// <summary>
    /// Whether a list, as <c>If-None-Match</c> has one, names a tag or is <c>*</c>. For caches a weak validator is as good as a strong one (§13.1.2).
    /// </summary>
    /// <param name="list">The header's value.</param>
    /// <param name="tag">The tag with its quotes, and perhaps <c>W/</c>.</param>
    public static bool Names(string list, string tag)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(tag);
        return list.Split(',').Any(known => known.Trim() is "*" || Opaque(known) == Opaque(tag));
    }

    /// <summary>Whether a list, as <c>If-Match</c> or <c>If-Range</c> has one, names a tag or is <c>*</c>. Weak tags name nothing there (§13.1.1).</summary>
    /// <param name="list">The header's value.</param>
    /// <param name="tag">The tag with its quotes.</param>
    public static bool NamesStrongly(string list, string tag)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(tag);
        return list.Split(',').Any(known => known.Trim() is var text && (text == "*" || (text == tag && !text.StartsWith("W/", StringComparison.Ordinal))));
    }

    private static string Opaque(string tag) => tag.Trim() is var text && text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text;
}
