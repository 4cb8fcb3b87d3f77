using System.Collections.Concurrent;
using System.Text;

namespace Harmony.Gateway.Logging;

/// <summary>Names of values in the output: <c>TimeoutMs</c> of a template is <c>timeout_ms</c> in a line.</summary>
internal static class FieldNames
{
    // Names come from templates in the source, so they are few; the limit is for scopes that make them up.
    private const int CacheLimit = 1024;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    /// <summary>The snake_case form of a name.</summary>
    public static string Of(string name)
    {
        if (Known.TryGetValue(name, out var known)) return known;
        var converted = Convert(name);
        if (Known.Count < CacheLimit) Known.TryAdd(name, converted);
        return converted;
    }

    private static string Convert(string name)
    {
        var result = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var character = name[i];
            if (char.IsAsciiLetterUpper(character))
            {
                if (StartsWord(name, i) && result.Length > 0 && result[^1] is not ('_' or '.')) result.Append('_');
                result.Append(char.ToLowerInvariant(character));
            }
            else if (char.IsLetterOrDigit(character) || character is '.' or '_')
            {
                result.Append(character);
            }
            else if (result.Length > 0)
            {
                result.Append('_'); // not at the front: '@' and '$' there are marks of the template
            }
        }

        return result.Length == 0 ? "value" : result.ToString();
    }

    // The H and the S of HTTPStatus, not its TTP.
    private static bool StartsWord(string name, int at)
        => at > 0 && (!char.IsAsciiLetterUpper(name[at - 1]) || (at + 1 < name.Length && char.IsAsciiLetterLower(name[at + 1])));
}
