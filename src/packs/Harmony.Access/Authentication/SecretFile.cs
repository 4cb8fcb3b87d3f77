using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Authentication;

/// <summary>Reads files that hold credentials. Problems name the file and the line, never what stands there.</summary>
internal static class SecretFile
{
    /// <summary>Reads a file with one credential, without white space around it.</summary>
    /// <returns>Null when it cannot be read, the empty string when nothing stands in it; both have been reported.</returns>
    public static string? ReadOne(string path, string key, ConfigNode options, MiddlewareContext context)
    {
        if (Read(path, options.LocationOf(key), context) is not { } text) return null;
        if (text.Trim() is { Length: > 0 } one) return one;
        context.Problems.Error(options.LocationOf(key), $"'{path}' is empty");
        return "";
    }

    /// <summary>Reads a file with a <c>name:value</c> on each line; empty lines and those that begin with <c>#</c> do not count.</summary>
    /// <returns>The lines that can be used; null when the file cannot be read or has lines, but none that can. Mistakes have been reported.</returns>
    public static IReadOnlyList<(string Name, string Value, SourceLocation Location)>? ReadPairs(
        string path, string key, ConfigNode options, MiddlewareContext context)
    {
        if (Read(path, options.LocationOf(key), context) is not { } text) return null;
        var pairs = new List<(string Name, string Value, SourceLocation Location)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var (number, mistakes) = (0, 0);
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            var location = new SourceLocation(path, ++number, 1);
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':');
            if (colon <= 0 || colon == line.Length - 1) Report(location, $"a line of '{key}' must be name:value");
            else if (!names.Add(line[..colon])) Report(location, "the name is there already");
            else pairs.Add((line[..colon], line[(colon + 1)..], location));
        }

        if (pairs.Count == 0 && mistakes > 0) return null;

        if (pairs.Count == 0 && !context.Problems.HasErrors) context.Problems.Error(options.LocationOf(key), $"'{path}' has no line name:value");
        return pairs;

        void Report(SourceLocation location, string message)
        {
            mistakes++;
            context.Problems.Error(location, message);
        }
    }

    private static string? Read(string path, SourceLocation location, MiddlewareContext context)
    {
        try
        {
            return BoundedFile.ReadText(context.Environment.PathOf(path));
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            context.Problems.Error(location, $"cannot read '{path}': {Readable.Reason(e)}");
            return null;
        }
    }
}
