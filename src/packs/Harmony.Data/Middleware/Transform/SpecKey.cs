using System.Text.Json;
using System.Text.RegularExpressions;

namespace Harmony.Data.Middleware.Transform;

/// <summary>The strings of a spec, read as far as it takes to know what they may reach.</summary>
internal static partial class SpecKey
{
    private const string Wildcards = "*&@$";

    /// <summary>The names a key stands for: <c>a|b</c> two, <c>a?</c> and <c>+a</c> of a modify, <c>a[]</c> of a default one.</summary>
    public static IEnumerable<string> NamesOf(string key, bool isModify)
    {
        foreach (var alternative in key.Split('|'))
        {
            var name = isModify ? alternative.TrimStart('+', '~', '_').TrimEnd('?') : alternative;
            yield return name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
        }
    }

    /// <summary>Whether a key may match names that it does not spell out.</summary>
    public static bool IsWildcard(string name) => name.AsSpan().IndexOfAny(Wildcards) >= 0;

    /// <summary>Whether a reference in the text may lead up and down again into the context, or take the whole input.</summary>
    public static bool MayReachContext(string text)
        => text.Contains('@')
        && (text.Contains("context", StringComparison.Ordinal) || text.Contains("_details", StringComparison.Ordinal) || UpwardsWithoutPath().IsMatch(text));

    /// <summary>All keys and string values.</summary>
    public static IEnumerable<string> StringsOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return [element.GetString()!];
            case JsonValueKind.Object:
                return element.EnumerateObject().SelectMany(m => StringsOf(m.Value).Prepend(m.Name));
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany(StringsOf);
            default:
                return [];
        }
    }

    /// <summary><c>@1</c>, <c>@(2)</c>: a whole level above.</summary>
    [GeneratedRegex(@"@\(?[1-9][0-9]*(?![0-9,])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UpwardsWithoutPath();
}
