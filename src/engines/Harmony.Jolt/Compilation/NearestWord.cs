namespace Harmony.Jolt.Compilation;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
/// <remarks>
/// <c>Harmony.Core</c> has one for configurations. This library knows nothing of it, and is stricter about the work: specs may come from
/// anywhere, where configurations are the operator's own.
/// </remarks>
internal static class NearestWord
{
    private const int MaxNameLength = 100; // nobody misspells more, and the work grows with the square

    /// <summary>A question to end an error message with, or an empty string when no known name is near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Name: k, Distance: Distance(name, k))).MinBy(k => k.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, nearest.Name.Length / 3) ? $"; did you mean '{nearest.Name}'?" : "";
    }

    /// <summary>How many characters must be added, dropped or changed to make one of the other, regardless of case.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > MaxNameLength) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
