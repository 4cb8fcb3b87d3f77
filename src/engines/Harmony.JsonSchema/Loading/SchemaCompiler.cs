using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>Compiles every schema of an index, each once, and follows references between them.</summary>
/// <param name="index">The schemas.</param>
/// <param name="mistakes">Receives the mistakes of the schemas.</param>
/// <param name="assertsFormats">Whether <c>format</c> is an assertion.</param>
internal sealed class SchemaCompiler(SchemaIndex index, List<SchemaMistake> mistakes, bool assertsFormats)
{
    private readonly Dictionary<JsonNode, Subschema> _compiled = new(ReferenceEqualityComparer.Instance);

    public bool AssertsFormats => assertsFormats;

    /// <summary>All compiled schemas, with those that no other schema refers to.</summary>
    public IReadOnlyCollection<Subschema> All => _compiled.Values;

    /// <summary>Compiles all schemas of the index.</summary>
    public void Compile()
    {
        foreach (var node in index.Places.Keys) Get(node);
        foreach (var resource in index.Resources)
        {
            foreach (var name in resource.DynamicNames) resource.DynamicAnchors[name] = Get(resource.Anchors[name])!;
        }

        foreach (var (node, schema) in _compiled)
        {
            if (node is JsonObject members) schema.Keywords = Keywords(members, index.Places[node]);
        }
    }

    /// <summary>
    /// The schema at a node; null if there is none, which is a mistake reported before. Its keywords may be compiled later: schemas refer to each other in
    /// circles.
    /// </summary>
    public Subschema? Get(JsonNode? node)
    {
        if (node is null || !index.Places.TryGetValue(node, out var place)) return null;
        if (_compiled.TryGetValue(node, out var schema)) return schema;
        _compiled[node] = schema = new Subschema(place.Resource, place.Location);
        if (node is JsonValue) schema.Always = node.GetValueKind() == JsonValueKind.True;
        return schema;
    }

    /// <summary>Follows a reference.</summary>
    /// <returns>The schema, its resource, and the anchor where the reference names one.</returns>
    /// <exception cref="SchemaException">The reference leads to no schema.</exception>
    public (Subschema Target, SchemaResource Resource, string? Anchor) Follow(string reference, SchemaResource from)
    {
        var mark = reference.IndexOf('#');
        var fragment = mark < 0 ? "" : Uri.UnescapeDataString(reference[(mark + 1)..]);
        var resource = mark == 0 ? from : ResourceOf(mark < 0 ? reference : reference[..mark], from);
        if (fragment.Length > 0 && fragment[0] != '/')
        {
            return resource.Anchors.TryGetValue(fragment, out var anchored)
                ? (Get(anchored)!, index.Places[anchored].Resource, fragment)
                : throw KeywordSource.Wrong($"'{reference}' leads nowhere: there is no anchor '{fragment}'");
        }

        if (!JsonPointer.TryFollow(resource.Root, fragment, out var node)) throw KeywordSource.Wrong($"'{reference}' leads nowhere");
        return Get(node) is { } target
            ? (target, target.Resource, null)
            : throw KeywordSource.Wrong($"'{reference}' does not lead to a schema");
    }

    /// <summary>Every schema that has that <c>$dynamicAnchor</c>.</summary>
    public IReadOnlyList<Subschema> WithDynamicAnchor(string name)
        => [.. index.Resources.Select(r => r.DynamicAnchors.GetValueOrDefault(name)).OfType<Subschema>()];

    private SchemaResource ResourceOf(string reference, SchemaResource from)
    {
        if (!Uri.TryCreate(from.Uri, reference, out var uri)) throw KeywordSource.Wrong($"'{reference}' is not a URI");
        return index.Find(uri) ?? throw KeywordSource.Wrong($"'{reference}' leads to none of the files of 'schema_path' and 'references'");
    }

    private List<Keyword> Keywords(JsonObject schema, SchemaPlace place)
    {
        var keywords = new List<Keyword>();
        foreach (var (name, value) in schema)
        {
            if (SchemaDialect.WithoutDemand.Contains(name)) continue;
            if (Compile(new KeywordSource(schema, name, value, place, this)) is { } keyword) keywords.Add(keyword);
        }

        return [.. keywords.OrderBy(k => k.NeedsOthers)];
    }

    private Keyword? Compile(KeywordSource source)
    {
        var location = $"{source.Place.Location}/{JsonPointer.Escape(source.Name)}";
        if (KeywordTable.Find(source.Name) is not { } factory)
        {
            if (source.Name.StartsWith("x-", StringComparison.Ordinal)) return null;
            var message = $"unknown keyword '{source.Name}'";
            mistakes.Add(SchemaDialect.Former.TryGetValue(source.Name, out var today)
                ? new SchemaMistake(location, $"{message}; since 2020-12 it is {today}")
                : new SchemaMistake(location, message) { UnknownKeyword = source.Name });
            return null;
        }

        try
        {
            return factory(source);
        }
        catch (SchemaException e)
        {
            mistakes.Add(new SchemaMistake(location, e.Message));
            return null;
        }
    }
}

/// <summary>
/// Finds schemas that lead back to themselves without a step into the document, such as <c>{"$ref": "#"}</c>: checking against them would
/// never end. A schema that refers to itself below <c>properties</c> or <c>items</c> ends with the document.
/// </summary>
internal sealed class EndlessReferences(List<SchemaMistake> mistakes)
{
    private readonly HashSet<Subschema> _done = [];
    private readonly HashSet<Subschema> _onTheWay = [];

    public void Check(IEnumerable<Subschema> schemas)
    {
        foreach (var schema in schemas) Visit(schema);
    }

    private void Visit(Subschema schema)
    {
        if (_done.Contains(schema)) return;
        _onTheWay.Add(schema);
        foreach (var keyword in schema.Keywords)
        {
            foreach (var next in keyword.InPlace) VisitNext(schema, keyword, next);
        }

        _onTheWay.Remove(schema);
        _done.Add(schema);
    }

    private void VisitNext(Subschema schema, Keyword keyword, Subschema next)
    {
        if (_onTheWay.Contains(next)) mistakes.Add(new SchemaMistake($"{schema.Location}/{keyword.Name}", "leads back to itself without end"));
        else Visit(next);
    }
}
