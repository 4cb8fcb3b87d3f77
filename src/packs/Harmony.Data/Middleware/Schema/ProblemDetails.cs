using System.Buffers;
using System.Text.Json;
using Harmony.JsonSchema.Evaluation;

namespace Harmony.Data.Middleware.Schema;

/// <summary>
/// What a client is told (RFC 9457): <c>{title, status, errors: [{instanceLocation, keywordLocation, absoluteKeywordLocation, error}]}</c>, the
/// names of an error being those of JSON Schema's output format (§12). Locations are JSON pointers; values of the body are never in it.
/// </summary>
internal static class ProblemDetails
{
    public const string ContentType = "application/problem+json";

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Violation> violations)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("title", "The body does not fit the schema.");
            writer.WriteNumber("status", 422);
            writer.WriteStartArray("errors");
            foreach (var violation in violations)
            {
                writer.WriteStartObject();
                writer.WriteString("instanceLocation", violation.InstanceLocation);
                writer.WriteString("keywordLocation", violation.KeywordLocation);
                writer.WriteString("absoluteKeywordLocation", violation.AbsoluteKeywordLocation);
                writer.WriteString("error", violation.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
