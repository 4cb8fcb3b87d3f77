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
