using System.Text.Encodings.Web;
using System.Text.Json;

namespace Harmony.Gateway.Logging;

/// <summary>Lines for log collectors: one JSON object each, fields and scope values beside the fixed members.</summary>
internal sealed class JsonLogFormatter : ILogFormatter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // "unsafe" is about HTML; control characters are escaped all the same
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _idle;

    /// <inheritdoc/>
    public void Format(in LogEntry entry, LogLine line)
    {
        // Taken out while in use: a value whose ToString logs comes back here on the same thread.
        var json = _idle ?? new Utf8JsonWriter(line, Options);
        _idle = null;
        json.Reset(line);

        json.WriteStartObject();
        WriteFixed(entry, json);
        WriteValues(entry, json);
        if (entry.Exception is not null)
        {
            json.WritePropertyName("exception"u8);
            WriteException(LogException.Chain(entry.Exception).ToList(), 0, entry.ShowStack, json);
        }

        json.WriteEndObject();
        json.Flush();
        _idle = json;
        line.Append("\n"u8);
    }

    private static void WriteFixed(in LogEntry entry, Utf8JsonWriter json)
    {
        Span<byte> time = stackalloc byte[TextLogFormatter.TimeWidth];
        entry.Time.ToUniversalTime().TryFormat(time, out var length, TextLogFormatter.TimeFormat);
        json.WriteString("timestamp"u8, time[..length]);
        json.WriteString("level"u8, LogLevelNames.NameOf(entry.Level));
        json.WriteString("target"u8, entry.Category);
        if (entry.EventId.Id != 0) json.WriteNumber("event_id"u8, entry.EventId.Id);
        if (entry.EventId.Name is not null) json.WriteString("event_name"u8, entry.EventId.Name);
        json.WriteString("message"u8, entry.Message);
    }

    private static void WriteValues(in LogEntry entry, Utf8JsonWriter json)
    {
        var fields = FieldList.Of(entry.Fields);
        foreach (var (name, value) in fields)
            WriteValue(name, value, json);

        foreach (var (name, value) in FieldList.Of(entry.Scopes))
        {
            if (!fields.Contains(name)) WriteValue(name, value, json);
        }
    }

    private static void WriteValue(string name, object? value, Utf8JsonWriter json)
    {
        json.WritePropertyName(IsFixed(name) ? "field_" + name : name);
        LogValue.WriteTo(json, value);
    }

    private static bool IsFixed(string name)
        => name is "timestamp" or "level" or "target" or "event_id" or "event_name" or "message" or "exception";

    private static void WriteException(List<Exception> chain, int at, bool showStack, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, chain[at].GetType().FullName);
        json.WriteString("message"u8, chain[at].Message);
        if (showStack && chain[at].StackTrace is { } stack) json.WriteString("stack"u8, stack);
        if (at + 1 < chain.Count)
        {
            json.WritePropertyName("cause"u8);
            WriteException(chain, at + 1, showStack, json);
        }

        json.WriteEndObject();
    }
}
