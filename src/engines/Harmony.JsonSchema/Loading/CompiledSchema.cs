using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>A JSON Schema 2020-12, compiled with all schemas that it refers to. Immutable; safe for use by several threads.</summary>
internal sealed class CompiledSchema
{
    private readonly Subschema _root;
    private readonly bool _tracks;

    private CompiledSchema(Subschema root, bool tracks)
    {
        _root = root;
        _tracks = tracks;
    }

    /// <summary>Compiles schemas.</summary>
    /// <param name="files">Full paths and contents of files: the schema first, then schemas that it may refer to.</param>
    /// <param name="assertsFormats">Whether <c>format</c> is an assertion, and not only an annotation (validation §7.2).</param>
    /// <param name="mistakes">Receives all mistakes of the schemas.</param>
    /// <returns>The schema; null if there are mistakes.</returns>
    public static CompiledSchema? From(IReadOnlyList<(string Path, JsonNode Root)> files, bool assertsFormats, List<SchemaMistake> mistakes)
    {
        var index = new SchemaIndex(mistakes);
        foreach (var (path, root) in files) index.Add(path, root);
        var compiler = new SchemaCompiler(index, mistakes, assertsFormats);
        compiler.Compile();
        if (mistakes.Count == 0) new EndlessReferences(mistakes).Check(compiler.All);
        if (mistakes.Count > 0) return null;
        var tracks = compiler.All.Any(s => s.Keywords.Any(k => k is UnevaluatedPropertiesKeyword or UnevaluatedItemsKeyword));
        return new CompiledSchema(compiler.Get(files[0].Root)!, tracks);
    }

    /// <summary>The violations of a document; empty if the document is valid.</summary>
    /// <param name="instance">The document.</param>
    /// <param name="maxViolations">The number of violations after which the validation ends.</param>
    public IReadOnlyList<Violation> Check(JsonNode? instance, int maxViolations)
    {
        var evaluator = new Evaluator(_tracks, maxViolations);
        return evaluator.Check(_root, instance, null) ? [] : evaluator.Violations;
    }
}

/// <summary>A mistake in a schema.</summary>
/// <param name="Location">File and JSON pointer.</param>
/// <param name="Message">The mistake, and the expected value.</param>
internal sealed record SchemaMistake(string Location, string Message)
{
    /// <summary>The names that a keyword can have.</summary>
    public static IEnumerable<string> KnownKeywords => KeywordTable.Names.Concat(SchemaDialect.WithoutDemand);

    /// <summary>The keyword that does not exist, so that the reader can be told the nearest of <see cref="KnownKeywords"/>; null for other mistakes.</summary>
    public string? UnknownKeyword { get; init; }
}

/// <summary>The value of a keyword is wrong; becomes a <see cref="SchemaMistake"/> with the location.</summary>
internal sealed class SchemaException(string message) : Exception(message);

/// <summary>A schema, or a schema inside one, compiled.</summary>
/// <param name="resource">The schema resource of the schema.</param>
/// <param name="location">The location: <c>order.schema.json#/properties/name</c>.</param>
internal sealed class Subschema(SchemaResource resource, string location)
{
    public SchemaResource Resource { get; } = resource;

    public string Location { get; } = location;

    /// <summary>For the schemas <c>true</c> and <c>false</c>.</summary>
    public bool? Always { get; set; }

    /// <summary>The keywords, in an order in which each comes behind the keywords whose results it reads.</summary>
    public IReadOnlyList<Keyword> Keywords { get; set; } = [];
}

/// <summary>A schema with a URI of its own: a file, or a part of one that has an <c>$id</c> (§4.3.5).</summary>
/// <param name="uri">Its URI, without a fragment.</param>
/// <param name="label">The name for people: that of the file.</param>
/// <param name="root">Its root.</param>
internal sealed class SchemaResource(Uri uri, string label, JsonNode root)
{
    public Uri Uri { get; } = uri;

    public string Label { get; } = label;

    public JsonNode Root { get; } = root;

    /// <summary>Schemas by <c>$anchor</c> and <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, JsonNode> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Names in <see cref="Anchors"/> that are dynamic.</summary>
    public HashSet<string> DynamicNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Compiled schemas by <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, Subschema> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}

/// <summary>The location of a schema.</summary>
/// <param name="Resource">The schema resource of the schema.</param>
/// <param name="Location">File and JSON pointer, for people.</param>
internal sealed record SchemaPlace(SchemaResource Resource, string Location);
