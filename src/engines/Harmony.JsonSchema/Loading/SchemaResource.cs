using System.Text.Json.Nodes;

namespace Harmony.JsonSchema.Loading;

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
