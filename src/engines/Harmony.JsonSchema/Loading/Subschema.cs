using System.Text.Json.Nodes;
using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>A schema, or a schema inside one, compiled.</summary>
/// <param name="resource">The resource it belongs to.</param>
/// <param name="location">Where it stands: <c>order.schema.json#/properties/name</c>.</param>
internal sealed class Subschema(SchemaResource resource, string location)
{
    public SchemaResource Resource { get; } = resource;

    public string Location { get; } = location;

    /// <summary>For the schemas <c>true</c> and <c>false</c>.</summary>
    public bool? Always { get; set; }

    /// <summary>What it demands, in an order in which each finds what it needs.</summary>
    public IReadOnlyList<Keyword> Keywords { get; set; } = [];
}

/// <summary>A schema with a URI of its own: a file, or a part of one that has an <c>$id</c> (§4.3.5).</summary>
/// <param name="uri">Its URI, without a fragment.</param>
/// <param name="label">How people know it: the file's name.</param>
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

/// <summary>Where a schema stands.</summary>
/// <param name="Resource">The resource it belongs to.</param>
/// <param name="Location">File and JSON pointer, for people.</param>
internal sealed record SchemaPlace(SchemaResource Resource, string Location);
