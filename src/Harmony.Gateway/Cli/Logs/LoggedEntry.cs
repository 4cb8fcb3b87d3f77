using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Gateway.Logging;

namespace Harmony.Gateway.Cli.Logs;

/// <summary>One entry of a log as it was read: of the operator's log in either format, or of the access log.</summary>
internal sealed class LoggedEntry
{
    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error"];

    /// <summary>What stands before the message, where it is known.</summary>
    private static readonly string[] Scoped = ["request_id", "trace_id", "span_id"];

    private readonly List<string> _lines = [];

    private LoggedEntry(string line, JsonObject fields)
    {
        _lines.Add(line);
        Fields = fields;
    }

    /// <summary>The values, under the names that the JSON format has.</summary>
    public JsonObject Fields { get; }

    /// <summary>The lines as they were written.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the first line of an entry; null for a line that continues one, such as the cause of a failure in the text format.</summary>
    public static LoggedEntry? Read(string line)
    {
        if (line.StartsWith('{') && Parse(line) is { } json) return new LoggedEntry(line, json);
        return FieldsOf(line) is { } fields ? new LoggedEntry(line, fields) : null;
    }

    /// <summary>Adds a line that continues it.</summary>
    public void Continue(string line)
    {
        _lines.Add(line);
        Fields["exception"] = Fields["exception"] is { } before ? $"{before}\n{line.Trim()}" : line.Trim();
    }

    /// <summary>Whether its level is that, or a graver one. Of the access log, a 5xx counts as an error and a 4xx as a warning.</summary>
    public bool IsAtLeast(string level) => Array.IndexOf(Levels, LevelOf()) >= Array.IndexOf(Levels, level);

    /// <summary>Whether it belongs to a request.</summary>
    public bool IsOfRequest(string id) => $"{Fields["request_id"]}" == id;

    /// <summary>Whether it is about a pipeline.</summary>
    public bool IsOfPipeline(string name) => $"{Fields["pipeline"]}" == name;

    private string LevelOf()
    {
        if (Fields["level"] is { } level) return $"{level}";
        return Fields["status"] is JsonValue value && value.TryGetValue<int>(out var status) && status >= 400 ? status >= 500 ? "error" : "warn" : "info";
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The fields of a line of the text format: <c>2026-11-21T09:30:00.123Z  INFO harmony.http [2002] request_id=7f3a message</c>; null for another line.
    /// </summary>
    private static JsonObject? FieldsOf(string line)
    {
        if (line.Length <= TextLogFormatter.TimeWidth || !char.IsAsciiDigit(line[0]) || line[TextLogFormatter.TimeWidth - 1] != 'Z') return null;
        var rest = line[TextLogFormatter.TimeWidth..].TrimStart();
        var level = Take(ref rest).ToLowerInvariant();
        if (!Levels.Contains(level, StringComparer.Ordinal)) return null;
        var fields = new JsonObject { ["timestamp"] = line[..TextLogFormatter.TimeWidth], ["level"] = level, ["target"] = Take(ref rest) };
        if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(rest.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            fields["event_id"] = id;
            rest = rest[(end + 1)..].TrimStart();
        }

        while (Array.Find(Scoped, n => rest.StartsWith(n + "=", StringComparison.Ordinal)) is { } name)
            fields[name] = Take(ref rest)[(name.Length + 1)..].Trim('"');
        fields["message"] = rest;
        if (rest.Split("pipeline '", 2) is [_, var named]) fields["pipeline"] = named.Split('\'')[0];
        return fields;
    }

    /// <summary>Takes the first word.</summary>
    private static string Take(ref string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? "" : text[(end + 1)..];
        return word;
    }
}
