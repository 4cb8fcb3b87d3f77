using System.Text;

namespace Harmony.Core.Content;

/// <summary>A field value of the kind <c>type/subtype; name=value; name="quoted value"</c> (RFC 9110 §5.6.6, §8.3.1).</summary>
internal sealed class MediaType
{
    private readonly List<(string Name, string Value)> _parameters = [];

    private MediaType(string name) => Name = name;

    /// <summary>The part before the parameters, in lower case; empty where there is none.</summary>
    public string Name { get; }

    /// <summary>The charset in lower case, or null.</summary>
    public string? Charset => this["charset"] is { Length: > 0 } charset ? charset.ToLowerInvariant() : null;

    /// <summary>A parameter that is given twice, of which others may take the other value; null where there is none.</summary>
    public string? Repeated => _parameters.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;

    /// <summary>The value of the first parameter of that name, or null.</summary>
    public string? this[string parameter]
    {
        get
        {
            foreach (var (name, value) in _parameters)
            {
                if (name == parameter) return value;
            }

            return null;
        }
    }

    /// <summary>Reads a value; oddities among the parameters are skipped, as their senders expect.</summary>
    public static MediaType Parse(string? value)
    {
        value ??= "";
        var end = value.IndexOf(';');
        var type = new MediaType((end < 0 ? value : value[..end]).Trim().ToLowerInvariant());
        while (end >= 0 && end < value.Length) end = type.ReadParameter(value, end + 1);
        return type;
    }

    /// <returns>Where the next semicolon is, or the end.</returns>
    private int ReadParameter(string text, int start)
    {
        var at = start;
        while (at < text.Length && text[at] is not ('=' or ';')) at++;
        var name = text[start..at].Trim().ToLowerInvariant();
        if (at == text.Length || text[at] == ';') return at;
        at++;
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        var value = at < text.Length && text[at] == '"' ? Quoted(text, ref at) : Unquoted(text, ref at);
        while (at < text.Length && text[at] != ';') at++;
        if (name.Length > 0) _parameters.Add((name, value));
        return at;
    }

    private static string Unquoted(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] != ';') at++;
        return text[start..at].Trim();
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            // A backslash escapes a quote or itself; browsers of old sent whole Windows paths as file names, which stay whole.
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\') at++;
            value.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        return value.ToString();
    }
}
