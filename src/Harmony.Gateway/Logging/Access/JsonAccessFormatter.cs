using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Diagnostics;

namespace Harmony.Gateway.Logging.Access;

/// <summary>One JSON object a line, with the fields that the configuration names, in its order; those without a value are left out.</summary>
internal sealed class JsonAccessFormatter(IReadOnlyList<string> fields, ValueHash hash) : IAccessFormatter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // "unsafe" is about HTML; control characters are escaped all the same
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _idle;

    private readonly Field[] _fields = [.. fields.Select(name => new Field(JsonEncodedText.Encode(name), WriterOf(name, hash)))];

    private delegate void FieldWriter(Utf8JsonWriter json, in AccessRecord record, JsonEncodedText name);

    /// <inheritdoc/>
    public void Format(in AccessRecord record, LogLine line)
    {
        var json = _idle ??= new Utf8JsonWriter(line, Options);
        json.Reset(line);
        json.WriteStartObject();
        foreach (var field in _fields) field.Write(json, record, field.Name);
        json.WriteEndObject();
        json.Flush();
        line.Append("\n"u8);
    }

    private static FieldWriter WriterOf(string field, ValueHash hash) => field switch
    {
        "time" => WriteTime,
        "request_id" => (json, in r, name) => json.WriteString(name, r.RequestId),
        "trace_id" => (json, in r, name) => WriteText(json, name, r.TraceId),
        "client_ip" => (json, in r, name) => WriteText(json, name, r.ClientAddress?.ToString()),
        "user" => (json, in r, name) => WriteText(json, name, r.User),
        "protocol" => (json, in r, name) => json.WriteString(name, r.Protocol),
        "method" => (json, in r, name) => json.WriteString(name, r.Method),
        "path" => (json, in r, name) => json.WriteString(name, r.Path),
        "query" => (json, in r, name) => WriteText(json, name, r.Query),
        "status" => (json, in r, name) => json.WriteNumber(name, r.Status),
        "bytes_in" => (json, in r, name) => json.WriteNumber(name, r.BytesIn),
        "bytes_out" => (json, in r, name) => json.WriteNumber(name, r.BytesOut),
        "duration_ms" => (json, in r, name) => json.WriteNumber(name, Math.Round(r.Duration.TotalMilliseconds, 3)),
        "network" => (json, in r, name) => json.WriteString(name, r.Network),
        "pipeline" => (json, in r, name) => WriteText(json, name, r.Pipeline),
        "endpoint" => (json, in r, name) => WriteText(json, name, r.Endpoint),
        "backend" => (json, in r, name) => WriteText(json, name, r.Backend),
        "target" => (json, in r, name) => WriteText(json, name, r.Target),
        "calling_aet" => (json, in r, name) => WriteText(json, name, r.Dimse?.CallingAet),
        "called_aet" => (json, in r, name) => WriteText(json, name, r.Dimse?.CalledAet),
        "dimse_status" => (json, in r, name) => WriteText(json, name, r.Dimse?.Status),
        "sop_class_uid" => (json, in r, name) => WriteText(json, name, r.Dimse?.SopClassUid),
        "study_uid" => (json, in r, name) => WriteText(json, name, r.Dimse?.StudyUid),
        "series_uid" => (json, in r, name) => WriteText(json, name, r.Dimse?.SeriesUid),
        "instance_uid" => (json, in r, name) => WriteText(json, name, r.Dimse?.InstanceUid),
        "study_uid_hash" => (json, in r, name) => WriteText(json, name, hash.Of(r.Dimse?.StudyUid)),
        "series_uid_hash" => (json, in r, name) => WriteText(json, name, hash.Of(r.Dimse?.SeriesUid)),
        "instance_uid_hash" => (json, in r, name) => WriteText(json, name, hash.Of(r.Dimse?.InstanceUid)),
        "patient_id_hash" => (json, in r, name) => WriteText(json, name, hash.Of(r.Dimse?.PatientId)),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "no field of the access log"),
    };

    private static void WriteTime(Utf8JsonWriter json, in AccessRecord record, JsonEncodedText name)
    {
        Span<byte> time = stackalloc byte[TextLogFormatter.TimeWidth];
        record.Time.ToUniversalTime().TryFormat(time, out var length, TextLogFormatter.TimeFormat);
        json.WriteString(name, time[..length]);
    }

    private static void WriteText(Utf8JsonWriter json, JsonEncodedText name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) json.WriteString(name, text);
    }

    private readonly record struct Field(JsonEncodedText Name, FieldWriter Write);
}
