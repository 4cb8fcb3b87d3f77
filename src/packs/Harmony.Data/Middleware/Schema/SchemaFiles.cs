using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.Data.Middleware.Schema;

/// <summary>Reads and compiles the files that options name. What is wrong goes to the context's problems.</summary>
internal sealed class SchemaFiles(SchemaOptions options, MiddlewareContext context)
{
    private static readonly JsonDocumentOptions Parsing = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Null when something is wrong.</summary>
    public CompiledSchema? Compile()
    {
        var main = Read(options.SchemaPath, options.LocationOf("schema_path"));
        var others = options.References.Select((path, i) => Read(path, options.LocationOf("references", i))).ToList();
        if (main is null || others.Contains(null)) return null;

        var mistakes = new List<SchemaMistake>();
        var schema = CompiledSchema.From([main.Value, .. others.Select(o => o!.Value)], options.AssertFormat, mistakes);
        foreach (var mistake in mistakes)
        {
            var suggestion = mistake.UnknownKeyword is { } keyword ? NearestName.Suggestion(keyword, SchemaMistake.KnownKeywords) : "";
            context.Problems.Error(
                options.LocationOf("schema_path"), $"schema of middleware '{context.Name}', {mistake.Location}: {mistake.Message}{suggestion}");
        }

        return schema;
    }

    private (string Path, JsonNode Root)? Read(string configured, SourceLocation location)
    {
        try
        {
            var path = Path.GetFullPath(context.Environment.PathOf(configured));
            if (JsonNode.Parse(BoundedFile.Read(path), documentOptions: Parsing) is { } root) return (path, root);
            context.Problems.Error(location, $"'{configured}' contains no schema");
        }
        catch (JsonException e)
        {
            var where = e.LineNumber is { } line ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            context.Problems.Error(location, $"'{configured}' is not JSON{where}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Problems.Error(location, $"cannot read '{configured}': {Readable.Reason(e)}");
        }

        return null;
    }
}

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
