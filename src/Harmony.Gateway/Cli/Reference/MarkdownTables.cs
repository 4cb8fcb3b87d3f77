using System.Text;
using Harmony.Core.Configuration.Reference;

namespace Harmony.Gateway.Cli.Reference;

/// <summary>Writes one table of a configuration after the other. A table that stands in several places is written at the first of them.</summary>
internal sealed class MarkdownTables(StringBuilder text)
{
    private readonly Dictionary<Type, string> _written = [];

    /// <summary>The anchor that a heading gets: letters, digits, hyphens and underscores in lower case.</summary>
    public static string Link(string path)
        => $"[`[{path}]`](#{string.Concat(path.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))})";

    /// <summary>A summary without the header it begins with: <c>`[proxy]`: what this is</c> → <c>What this is</c>.</summary>
    public static string Sentence(string summary)
    {
        var colon = summary.StartsWith("`[", StringComparison.Ordinal) ? summary.IndexOf(": ", StringComparison.Ordinal) : -1;
        var rest = colon < 0 ? summary : summary[(colon + 2)..];
        return rest.Length == 0 || (rest[0] == '`' && rest.EndsWith("`.", StringComparison.Ordinal)) ? "" : char.ToUpperInvariant(rest[0]) + rest[1..];
    }

    /// <summary>Heading, summary, keys, and the tables inside.</summary>
    public void Write(string path, TableReference table, int level, bool repeats = false)
    {
        text.AppendLine($"{new string('#', level)} `{(repeats ? $"[[{path}]]" : $"[{path}]")}`").AppendLine();
        if (_written.TryGetValue(table.Record, out var first))
        {
            text.AppendLine($"The keys are those of {Link(first)}.").AppendLine();
            return;
        }

        _written[table.Record] = path;
        if (Sentence(table.Summary) is { Length: > 0 } sentence) text.AppendLine(sentence).AppendLine();
        WriteKeys(path, table, level + 1);
    }

    /// <summary>Keys, and the tables inside under headings of the level given.</summary>
    public void WriteKeys(string path, TableReference table, int level)
    {
        var keys = table.Keys.Where(k => !IsTableOnly(k)).ToList();
        if (table.Keys.Count == 0) text.AppendLine("No keys.").AppendLine();
        if (keys.Count > 0)
        {
            text.AppendLine("| Key | Type | Default | Meaning |").AppendLine("|---|---|---|---|");
            foreach (var key in keys) text.AppendLine(Row(key));
            text.AppendLine();
        }

        if (table.TakesOtherKeys) text.AppendLine("All other keys are options.").AppendLine();
        foreach (var former in table.FormerKeys) text.AppendLine($"`{former.Name}` has no effect any more: {former.Advice}.").AppendLine();
        foreach (var key in table.Keys) WriteInner(path, key, level);
    }

    private void WriteInner(string path, KeyReference key, int level)
    {
        if (key.Shape.InnerTable is not { } inner) return;
        var name = $"{path}.{key.Name}{(key.Shape.Kind == ValueKind.Map ? ".NAME" : "")}";
        Write(name, inner, Math.Min(level, 6), repeats: key.Shape.Kind == ValueKind.Array);
    }

    /// <summary>A table that gets a heading of its own and has nothing to say besides.</summary>
    private static bool IsTableOnly(KeyReference key) => key.Shape.InnerTable is not null && Sentence(key.Summary).Length == 0;

    private static string Row(KeyReference key)
    {
        var meaning = new StringBuilder(Sentence(key.Summary));
        if (key.AllowedValues is { } allowed) meaning.Append($" One of {string.Join(", ", allowed.Select(a => $"`{a}`"))}.");
        foreach (var constraint in key.Constraints) meaning.Append($" {char.ToUpperInvariant(constraint[0])}{constraint[1..]}.");
        if (key.OtherNames.Count > 0) meaning.Append($" Also written {string.Join(", ", key.OtherNames.Select(n => $"`{n}`"))}.");
        if (key.IsSecret) meaning.Append(" Secret: never shown.");
        var otherwise = key.IsRequired ? "required" : key.Default is null ? "" : $"`{key.Default}`";
        return $"| `{key.Name}` | {key.Shape.Words} | {otherwise} | {meaning.ToString().Trim().Replace("|", "\\|", StringComparison.Ordinal)} |";
    }
}
