using System.Text.Json;
using System.Text.RegularExpressions;

namespace Harmony.Jolt.Compilation;

/// <summary>
/// Warns of what the text of a spec shows and the tree read from it does not: two equal keys in one object, and lookups with their parts in the wrong order.
/// </summary>
internal sealed partial class SpecTextChecks(SpecScope root)
{
    /// <summary>Reads the text once more; that it is JSON has been seen.</summary>
    public void Check(ReadOnlySpan<byte> text, JsonReaderOptions options)
    {
        var json = new Utf8JsonReader(text.StartsWith("\uFEFF"u8) ? text[3..] : text, options);
        var open = new Stack<Container>();
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            if (json.TokenType == JsonTokenType.PropertyName)
            {
                open.Peek().NameNext(json.GetString()!);
                CheckLookup(json.GetString()!, open.Peek().Next);
                continue;
            }

            var scope = open.TryPeek(out var parent) ? parent.TakeNext() : root;
            if (json.TokenType == JsonTokenType.String) CheckLookup(json.GetString()!, scope);
            else if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push(new Container(scope, json.TokenType == JsonTokenType.StartArray));
        }
    }

    private static void CheckLookup(string text, SpecScope scope)
    {
        if (ReversedLookup().Match(text) is { Success: true } match)
            scope.Warn($"'{match.Value}' looks up a key with a comma in its name; the level comes first: "
                + $"'@({match.Groups["level"].Value},{match.Groups["key"].Value})'");
    }

    [GeneratedRegex(@"@\((?<key>[^(),0-9][^(),]*),\s*(?<level>[0-9]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ReversedLookup();

    /// <summary>An object or array that is being read: which member or item comes next.</summary>
    private sealed class Container(SpecScope scope, bool isArray)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private SpecScope? _member;
        private int _index;

        /// <summary>The member whose name has been read.</summary>
        public SpecScope Next => _member ?? scope;

        public void NameNext(string name)
        {
            _member = scope.At(name);
            if (!_names.Add(name)) Next.Warn($"'{name}' stands twice in one object; only the last counts");
        }

        public SpecScope TakeNext() => isArray ? scope.At(_index++) : Next;
    }
}

/// <summary>Guesses what a misspelt name was meant to be.</summary>
/// <remarks>
/// <c>Harmony.Core</c> has one for configurations. This library knows nothing of it, and is stricter about the work: specs may come from
/// anywhere, where configurations are the operator's own.
/// </remarks>
internal static class NearestWord
{
    private const int MaxNameLength = 100; // longer names are not misspellings, and the work grows with the square

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
