namespace Harmony.Core.Configuration;

/// <summary>Finds the name somebody probably meant.</summary>
public static class NearestName
{
    /// <summary><c>; did you mean 'x'?</c>, or nothing when no candidate is near.</summary>
    public static string Suggestion(string given, IEnumerable<string> candidates)
        => Find(given, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>The candidate with the fewest edits, if they are few for its length.</summary>
    public static string? Find(string given, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(given, candidate);
            if (distance < bestDistance && IsNear(given, candidate, distance)) (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>Few edits for its length, or a part of it; not if everything would have to be edited.</summary>
    private static bool IsNear(string given, string candidate, int distance)
    {
        if (distance >= candidate.Length) return false;
        if (distance <= Math.Max(1, Math.Max(given.Length, candidate.Length) / 3)) return true;
        return given.Length >= 4
            && (candidate.Contains(given, StringComparison.OrdinalIgnoreCase) || given.Contains(candidate, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Edits from one to the other: insert, delete, replace, swap neighbours (Damerau-Levenshtein, restricted), ignoring case.</summary>
    private static int Distance(string from, string to)
    {
        (from, to) = (from.ToLowerInvariant(), to.ToLowerInvariant());
        var (twoAgo, before, row) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var j = 0; j <= to.Length; j++) before[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) row[j] = Math.Min(row[j], twoAgo[j - 2] + 1);
            }

            (twoAgo, before, row) = (before, row, twoAgo);
        }

        return before[to.Length];
    }
}
