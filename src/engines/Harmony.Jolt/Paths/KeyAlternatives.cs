namespace Harmony.Jolt.Paths;

/// <summary>Separates the keys that <c>|</c> joins.</summary>
internal static class KeyAlternatives
{
    /// <summary>The keys of <c>rating|Rating</c>. Empty ones at the end do not count, unless nothing else is there.</summary>
    public static IReadOnlyList<string> Split(string key)
    {
        var parts = Escapes.Split(key, '|');
        while (parts.Count > 1 && parts[^1].Length == 0) parts.RemoveAt(parts.Count - 1);
        return parts;
    }
}
