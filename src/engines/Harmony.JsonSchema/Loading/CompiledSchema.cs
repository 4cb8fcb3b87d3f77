using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>A JSON Schema 2020-12, compiled with everything it refers to. Immutable; checks many documents at the same time.</summary>
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
    /// <param name="files">Full paths and what they hold, the schema itself first, then those it may refer to.</param>
    /// <param name="assertsFormats">Whether <c>format</c> is a demand.</param>
    /// <param name="mistakes">Takes everything that is wrong.</param>
    /// <returns>Null when something is wrong.</returns>
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

    /// <summary>What of a document does not fit; nothing when it does.</summary>
    /// <param name="instance">The document.</param>
    /// <param name="maxViolations">How many are collected.</param>
    public IReadOnlyList<Violation> Check(JsonNode? instance, int maxViolations)
    {
        var evaluator = new Evaluator(_tracks, maxViolations);
        return evaluator.Check(_root, instance, null) ? [] : evaluator.Violations;
    }
}
