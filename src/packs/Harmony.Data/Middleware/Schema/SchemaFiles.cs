using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
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
            context.Problems.Error(options.LocationOf("schema_path"), $"schema of middleware '{context.Name}', {mistake.Location}: {mistake.Message}{suggestion}");
        }

        return schema;
    }

    private (string Path, JsonNode Root)? Read(string configured, SourceLocation location)
    {
        try
        {
            var path = Path.GetFullPath(context.Environment.PathOf(configured));
            if (JsonNode.Parse(BoundedFile.Read(path), documentOptions: Parsing) is { } root) return (path, root);
            context.Problems.Error(location, $"'{configured}' holds no schema");
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
