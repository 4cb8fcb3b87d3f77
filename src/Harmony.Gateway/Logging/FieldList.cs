using System.Collections.Concurrent;
using System.Collections;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>Named values of one entry, every name once, in the order of their first appearance.</summary>
internal sealed class FieldList : IEnumerable<KeyValuePair<string, object?>>
{
    private const string TemplateKey = "{OriginalFormat}";

    private readonly List<KeyValuePair<string, object?>> _fields = [];

    /// <summary>The values of a message template.</summary>
    public static FieldList Of(IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        var list = new FieldList();
        list.AddAll(values);
        return list;
    }

    /// <summary>The values of all scopes; an inner scope wins over an outer one.</summary>
    public static FieldList Of(IExternalScopeProvider? scopes)
    {
        var list = new FieldList();
        scopes?.ForEachScope(static (scope, list) => list.AddScope(scope), list);
        return list;
    }

    /// <summary>Whether a value has this name.</summary>
    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>In the order of their first appearance.</summary>
    public List<KeyValuePair<string, object?>>.Enumerator GetEnumerator() => _fields.GetEnumerator();

    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddScope(object? scope)
    {
        // The web server's own scopes carry the request path, which names patients in FHIR and DICOMweb.
        if (scope is null || IsWebServers(scope)) return;

        switch (scope)
        {
            case IReadOnlyList<KeyValuePair<string, object?>> list:
                AddAll(list);
                break;
            case IEnumerable<KeyValuePair<string, object?>> values:
                foreach (var (name, value) in values)
                    Set(name, value);
                break;
            default:
                Set("scope", scope);
                break;
        }
    }

    private void AddAll(IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        for (var i = 0; i < (values?.Count ?? 0); i++)
        {
            var (name, value) = values![i];
            if (name != TemplateKey) Set(name, value);
        }
    }

    private void Set(string name, object? value)
    {
        var field = KeyValuePair.Create(FieldNames.Of(name), value);
        var index = IndexOf(field.Key);
        if (index < 0)
            _fields.Add(field);
        else
            _fields[index] = field;
    }

    private int IndexOf(string name) => _fields.FindIndex(field => field.Key == name);

    private static bool IsWebServers(object scope)
        => scope.GetType().Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true;
}

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
