using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Cloud;

/// <summary>A secret of a configuration file: the variable that stands for it elsewhere, and the value as it is written here.</summary>
/// <param name="Variable">The variable: <c>HARMONY_AUTHENTICATIONS_EHR_OPTIONS_PASSWORD</c>.</param>
/// <param name="Written">The value with its quotation marks.</param>
/// <param name="Value">The value itself.</param>
internal sealed record SecretValue(string Variable, string Written, string Value)
{
    /// <summary>Never the value.</summary>
    public override string ToString() => Variable;
}

/// <summary>
/// Takes the secrets out of a configuration file before it leaves the machine, and puts them back into one that comes. What counts as a secret is what
/// <see cref="ShownOptions"/> masks: keys marked as secret, values of fields and parameters, passwords and queries of URLs, and every text that no record here
/// describes. Values that are a variable already stay.
/// </summary>
internal sealed partial class SecretValues
{
    private static readonly SearchValues<char> EndOfValue = SearchValues.Create(" \t\r\n,]}#");

    private readonly string _text;
    private readonly int[] _lines;
    private readonly ModuleRegistry _registry;
    private readonly List<(int Start, int End, SecretValue Secret)> _found = [];

    private SecretValues(string text, ModuleRegistry registry)
    {
        (_text, _registry) = (text, registry);
        var lines = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') lines.Add(i + 1);
        }

        _lines = [.. lines];
    }

    /// <summary>Replaces the secrets of a file by variables.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="registry">The modules whose options are known.</param>
    /// <param name="variables">The variables that stand for them.</param>
    /// <exception cref="FormatException">The file is not TOML, so its secrets cannot be found.</exception>
    public static string TakeOut(string text, string name, ModuleRegistry registry, out IReadOnlyList<string> variables)
    {
        var secrets = Of(text, name, registry);
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end, secret) in secrets._found.OrderBy(f => f.Start))
        {
            result.Append(text, at, start - at).Append(CultureInfo.InvariantCulture, $"\"${{{secret.Variable}}}\"");
            at = end;
        }

        var without = result.Append(text, at, text.Length - at).ToString();
        // The same value may stand in a comment, and a comment may hold an assignment that was once in use.
        foreach (var secret in secrets._found.Select(f => f.Secret).Where(s => s.Value.Length >= 4))
            without = without.Replace(secret.Value, $"${{{secret.Variable}}}", StringComparison.Ordinal);
        without = Comment().Replace(without, match => SensitiveNames.MayHoldSecret(match.Groups["key"].Value)
            ? $"{match.Groups["start"].Value}{SensitiveNames.Mask}"
            : match.Value);
        variables = [.. secrets._found.Select(f => f.Secret.Variable).Distinct(StringComparer.Ordinal)];
        return without;
    }

    /// <summary>The secrets of a file.</summary>
    /// <exception cref="FormatException">The file is no TOML.</exception>
    public static IReadOnlyList<SecretValue> In(string text, string name, ModuleRegistry registry)
        => [.. Of(text, name, registry)._found.Select(f => f.Secret)];

    /// <summary>Puts secrets back where their variables stand.</summary>
    /// <param name="text">A file that has come.</param>
    /// <param name="known">The secrets that are known here; the first of a name counts.</param>
    public static string PutBack(string text, IEnumerable<SecretValue> known)
    {
        foreach (var secret in known.DistinctBy(s => s.Variable))
        {
            foreach (var quote in new[] { '"', '\'' }) text = text.Replace($"{quote}${{{secret.Variable}}}{quote}", secret.Written, StringComparison.Ordinal);
        }

        return text;
    }

    private static SecretValues Of(string text, string name, ModuleRegistry registry)
    {
        var problems = new ConfigProblems();
        var table = TomlReader.Read(Encoding.UTF8.GetBytes(text), name, problems, new TomlReaderOptions { AllowVariables = true });
        if (problems.HasErrors) throw new FormatException(problems.First(p => p.Severity == ConfigSeverity.Error).ToString());
        var secrets = new SecretValues(text, registry);
        foreach (var kind in table) secrets.Kind(kind);
        return secrets;
    }

    private void Kind(TomlEntry entry)
    {
        var key = BoundKey.Of(typeof(ConfigFileContent)).FirstOrDefault(k => !k.TakesRemaining && (k.Name == entry.Key || k.OtherNames.Contains(entry.Key)));
        var type = key?.Property.PropertyType;
        if (type is null || entry.Value is not TomlTable table || type == typeof(OptionsTable)) HideAll(entry.Value, entry.Key);
        else if (typeof(ConfigNode).IsAssignableFrom(type)) Record(table, type, entry.Key, OptionsOf(entry.Key, table));
        else foreach (var named in table) Named(named, type, entry.Key);
    }

    private void Named(TomlEntry entry, Type kind, string path)
    {
        if (entry.Value is TomlTable table && kind.IsGenericType) Record(table, kind.GenericTypeArguments[^1], $"{path}.{entry.Key}", OptionsOf(path, table));
        else HideAll(entry.Value, $"{path}.{entry.Key}");
    }

    /// <summary>The record of a module's options; null where none is known.</summary>
    private Type? OptionsOf(string kind, TomlTable table) => kind switch
    {
        "endpoints" => _registry.Service(Text(table, "service"))?.Endpoint?.OptionsType,
        "backends" => _registry.Service(Text(table, "service"))?.Backend?.OptionsType,
        "middleware" => _registry.MiddlewareType(Text(table, "type"))?.Factory.OptionsType,
        _ => null,
    };

    private void Record(TomlTable table, Type record, string path, Type? options)
    {
        var isSensitive = table.TryGet("name", out var name) && name.Value is TomlString { Value: var condition }
            && SensitiveNames.Shown(condition, "") == SensitiveNames.Mask;
        foreach (var entry in table)
        {
            var at = $"{path}.{entry.Key}";
            var key = BoundKey.Of(record).FirstOrDefault(k => !k.TakesRemaining && (k.Name == entry.Key || k.OtherNames.Contains(entry.Key)));
            if (key is null && options is not null && entry is { Key: "options", Value: TomlTable inner }) Record(inner, options, at, null);
            else if (key is null && options is not null && BoundKey.Of(options).Any(k => k.Name == entry.Key || k.OtherNames.Contains(entry.Key)))
                Record(new TomlTable([entry], table.Location), options, path, null);
            else if (key is null || key.IsSecret || (isSensitive && key.Name == "value")) HideAll(entry.Value, at);
            else if (key.Property.PropertyType == typeof(OptionsTable) && options is not null && entry.Value is TomlTable given)
                Record(given, options, at, null);
            else Value(entry.Value, key.Property.PropertyType, at);
        }
    }

    private void Value(TomlValue value, Type type, string path)
    {
        switch (value)
        {
            case TomlString text when ShownOptions.Text(text.Value) != text.Value:
                Hide(value, path);
                break;
            case TomlArray array:
                for (var i = 0; i < array.Count; i++) Value(array[i], ArgumentOf(type, 0), $"{path}.{i}");
                break;
            case TomlTable table when typeof(ConfigNode).IsAssignableFrom(type):
                Record(table, type, path, null);
                break;
            case TomlTable table:
                foreach (var entry in table)
                {
                    var element = ArgumentOf(type, 1);
                    if (element == typeof(string) || element == typeof(TomlValue) || SensitiveNames.Contains(entry.Key))
                        HideAll(entry.Value, $"{path}.{entry.Key}");
                    else Value(entry.Value, element, $"{path}.{entry.Key}");
                }

                break;
        }
    }

    /// <summary>Every text and number below, because values of unknown keys may be secret.</summary>
    private void HideAll(TomlValue value, string path)
    {
        switch (value)
        {
            case TomlTable table:
                foreach (var entry in table) HideAll(entry.Value, $"{path}.{entry.Key}");
                break;
            case TomlArray array:
                for (var i = 0; i < array.Count; i++) HideAll(array[i], $"{path}.{i}");
                break;
            case TomlString or TomlInteger or TomlFloat:
                Hide(value, path);
                break;
        }
    }

    private void Hide(TomlValue value, string path)
    {
        var start = IndexOf(value.Location);
        var end = EndOf(start);
        var text = value is TomlString { Value: var content } ? content : _text[start..end];
        if (text.Length == 0 || Variable().IsMatch(text)) return;
        _found.Add((start, end, new SecretValue(NameOf(path), _text[start..end], text)));
    }

    private static string NameOf(string path) => "HARMONY_" + new string([.. path.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_')]);

    /// <summary>The place in the text; columns count code points.</summary>
    private int IndexOf(SourceLocation location)
    {
        var index = _lines[location.Line - 1];
        for (var column = 1; column < location.Column; column++) index += char.IsHighSurrogate(_text[index]) ? 2 : 1;
        return index;
    }

    /// <summary>The end of the value that begins somewhere; the text is known to be TOML.</summary>
    private int EndOf(int start)
    {
        var rest = _text.AsSpan(start);
        foreach (var quotes in new[] { "\"\"\"", "'''", "\"", "'" })
        {
            if (!rest.StartsWith(quotes, StringComparison.Ordinal)) continue;
            var at = quotes.Length;
            while (!rest[at..].StartsWith(quotes, StringComparison.Ordinal)) at += quotes[0] == '"' && rest[at] == '\\' ? 2 : 1;
            at += quotes.Length;
            while (quotes.Length == 3 && at < rest.Length && rest[at] == quotes[0]) at++; // up to two more belong to the text
            return start + at;
        }

        var end = rest.IndexOfAny(EndOfValue);
        return end < 0 ? _text.Length : start + end;
    }

    private static Type ArgumentOf(Type type, int index)
        => type.IsGenericType && type.GenericTypeArguments.Length > index ? type.GenericTypeArguments[index] : typeof(TomlValue);

    private static string Text(TomlTable table, string key) => table.TryGet(key, out var entry) && entry.Value is TomlString text ? text.Value : "";

    /// <summary>One variable and nothing else, without a default: a default would be the secret.</summary>
    [GeneratedRegex(@"^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}|\{file:[^}]*\})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<start>#[^\n=]*?(?<key>[A-Za-z0-9_.-]+)[""']?[^\S\n]*=[^\S\n]*)[^\n]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
