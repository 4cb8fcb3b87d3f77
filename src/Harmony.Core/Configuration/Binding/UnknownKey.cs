using System.Reflection;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// Reports an unknown key, with what its author probably meant. A key that is close to a known one is an error: what it should have switched
/// on, perhaps a guard, would be off. One that resembles nothing may be from another version, and is a warning.
/// </summary>
internal static class UnknownKey
{
    private const int FewKeys = 12;

    /// <summary>Endings that mean the same to people, and whose misuse no count of edits finds: <c>cert_file</c> for <c>cert_path</c>.</summary>
    private static readonly string[][] Synonyms =
    [
        ["_path", "_file", "_filename", "_pem", ""], ["_secs", "_seconds", "_sec", "_s", "_ms", "_millis", ""], ["_url", "_uri", "_endpoint", ""],
        ["_dir", "_path", "_folder", ""],
    ];

    /// <summary>Adds the problem.</summary>
    /// <param name="type">The record that does not have the key.</param>
    /// <param name="entry">The key.</param>
    /// <param name="what">What the table is.</param>
    /// <param name="problems">Takes it.</param>
    public static void Report(Type type, TomlEntry entry, string what, ConfigProblems problems)
    {
        var message = Describe(type, entry, what);
        if (message.EndsWith("'?", StringComparison.Ordinal)) problems.Error(entry.KeyLocation, message);
        else problems.Warning(entry.KeyLocation, message);
    }

    private static string Describe(Type type, TomlEntry entry, string what)
    {
        var former = type.GetCustomAttributes<FormerKeyAttribute>().FirstOrDefault(f => f.Name == entry.Key);
        if (former is not null) return $"the key '{entry.Key}' of {what} has no effect; {former.Advice}";

        var keys = BoundKey.Of(type).Where(k => !k.TakesRemaining).ToList();
        var advice = Advice(keys, entry.Key, what);
        return what == "the file" && entry.Value is TomlTable
            ? $"unknown table [{entry.Key}] has no effect{advice}"
            : $"unknown key '{entry.Key}' in {what} has no effect{advice}";
    }

    private static string Advice(List<BoundKey> keys, string given, string what)
    {
        var names = keys.SelectMany(k => k.OtherNames.Prepend(k.Name)).ToList();
        var suggestion = NearestName.Suggestion(given, names);
        if (suggestion.Length > 0) return suggestion;
        if (Synonym(names, given) is { } synonym) return $"; did you mean '{synonym}'?";
        if (Inside(keys, given) is { } inside) return $"; did you mean '{inside}'?";
        if (keys.Any(k => k.Name == "options" && k.Property.PropertyType == typeof(OptionsTable)) && what.StartsWith('['))
        {
            return $"; options belong under {what[..^1]}.options]";
        }

        return keys.Count is > 0 and <= FewKeys ? $"; known are {string.Join(", ", keys.Select(k => k.Name))}" : "";
    }

    private static string? Synonym(List<string> names, string given)
    {
        foreach (var endings in Synonyms)
        {
            foreach (var ending in endings.Where(e => given.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            {
                var stem = given[..^ending.Length];
                if (stem.Length > 1 && endings.Select(e => stem + e).FirstOrDefault(names.Contains) is { } found) return found;
            }
        }

        return null;
    }

    /// <summary>A table below this one that has the key: <c>bind_port</c> → <c>tcp_config.bind_port</c>.</summary>
    private static string? Inside(List<BoundKey> keys, string given)
    {
        foreach (var key in keys.Where(k => typeof(ConfigNode).IsAssignableFrom(k.Property.PropertyType)))
        {
            var found = BoundKey.Of(key.Property.PropertyType).FirstOrDefault(k => k.Name == given || k.OtherNames.Contains(given));
            if (found is not null) return $"{key.Name}.{found.Name}";
        }

        return null;
    }
}

/// <summary>Finds the name that the author probably meant.</summary>
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
