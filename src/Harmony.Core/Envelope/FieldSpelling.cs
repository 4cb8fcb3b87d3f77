namespace Harmony.Core.Envelope;

/// <summary>
/// Names of fields as those servers read them that hand them on as variables (RFC 3875 §4.1.18): to them <c>X_Real_IP</c> is
/// <c>X-Real-IP</c>, so that a client could say by the one what it may not say by the other.
/// </summary>
public static class FieldSpelling
{
    /// <summary>Whether some server reads both names as one.</summary>
    public static bool AreAlike(string left, string right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (Read(left[i]) != Read(right[i])) return false;
        }

        return true;
    }

    /// <summary>Removes every line that some server would read as one of <paramref name="name"/>.</summary>
    public static void RemoveAlike(HeaderFields fields, string name)
    {
        for (var i = fields.Count - 1; i >= 0; i--)
        {
            if (!AreAlike(fields[i].Name, name)) continue;
            fields.Remove(fields[i].Name);
            i = Math.Min(i, fields.Count); // it may have had several lines
        }
    }

    private static char Read(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
