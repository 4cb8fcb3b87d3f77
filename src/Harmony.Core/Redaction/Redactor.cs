using System.Collections.Frozen;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Core.Redaction;

/// <summary>Which values are hidden besides those of credentials and of <c>sensitive_field_patterns</c>, as a middleware's options say.</summary>
/// <param name="Fields">Names of header fields and cookies.</param>
/// <param name="Metadata">Names of metadata.</param>
/// <param name="Data">Members of a body, as paths.</param>
internal sealed record RedactionOptions(IReadOnlyList<string> Fields, IReadOnlyList<string> Metadata, IReadOnlyList<string> Data)
{
    /// <summary>Makes the redactor.</summary>
    public Redactor Build(ProxySection proxy, ConfigProblems problems) => new(this, SensitivePatterns.From(proxy, problems));
}

/// <summary>
/// Decides which values of a message may leave it for a log or for another system, and writes the others as <see cref="Marker"/>. Names that
/// tell of credentials (<c>Authorization</c>, <c>Set-Cookie</c>, <c>api_key</c>, …) are hidden always.
/// </summary>
/// <param name="options">The settings of the middleware.</param>
/// <param name="patterns">The names that every middleware hides.</param>
internal sealed class Redactor(RedactionOptions options, SensitivePatterns patterns)
{
    /// <summary>The text that replaces a hidden value.</summary>
    public const string Marker = "<redacted>";

    private static readonly string[] FieldsWithTargets = ["referer", "location", "content-location"];

    private readonly FrozenSet<string> _fields = options.Fields.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly FrozenSet<string> _metadata = options.Metadata.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly DataFields _data = new(options.Data);

    /// <summary>The value of a header field as it may be shown.</summary>
    public string Field(string name, string value)
    {
        if (_fields.Contains(name) || IsSensitive(name)) return Marker;
        return FieldsWithTargets.Contains(name, StringComparer.OrdinalIgnoreCase) ? Target(value) : value;
    }

    /// <summary>The value of a metadata key as it may be shown.</summary>
    public string Metadata(string name, string value)
    {
        if (_metadata.Contains(name) || IsSensitive(name)) return Marker;
        return name == Core.Envelope.MetadataKeys.PathWithQuery ? Target(value) : value;
    }

    /// <summary>The value of a query parameter as it may be shown.</summary>
    public string Parameter(string name, string value) => IsSensitive(name) ? Marker : value;

    /// <summary>A path or URL with the values of its query as they may be shown.</summary>
    public string Target(string target)
    {
        var mark = target.IndexOf('?');
        return mark < 0 ? target : $"{target.AsSpan(0, mark + 1)}{Query(target[(mark + 1)..])}";
    }

    /// <summary>Writes a document, hidden members as <see cref="Marker"/>.</summary>
    public void WriteData(Utf8JsonWriter writer, JsonNode? data) => Write(writer, data, [_data.Start]);

    private string Query(string query)
    {
        var shown = new StringBuilder();
        foreach (var pair in query.Split('&'))
        {
            if (shown.Length > 0) shown.Append('&');
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            if (equals >= 0 && IsSensitive(Uri.UnescapeDataString(name))) shown.Append(name).Append('=').Append(Marker);
            else shown.Append(pair);
        }

        return shown.ToString();
    }

    private bool IsSensitive(string name) => SensitiveNames.Contains(name) || patterns.Cover(name);

    private void Write(Utf8JsonWriter writer, JsonNode? node, List<DataFields.Step>? steps)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members) WriteMember(writer, name, value, steps);
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item, steps);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private void WriteMember(Utf8JsonWriter writer, string name, JsonNode? value, List<DataFields.Step>? steps)
    {
        List<DataFields.Step>? next = null;
        foreach (var step in steps ?? []) step.AddNext(name, ref next);
        writer.WritePropertyName(name);
        if (_data.HideEverywhere(name) || next?.Exists(s => s.IsHidden) == true || IsSensitive(name)) writer.WriteStringValue(Marker);
        else Write(writer, value, next);
    }
}
