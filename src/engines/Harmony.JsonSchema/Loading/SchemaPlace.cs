namespace Harmony.JsonSchema.Loading;

/// <summary>Where a schema stands.</summary>
/// <param name="Resource">The resource it belongs to.</param>
/// <param name="Location">File and JSON pointer, for people.</param>
internal sealed record SchemaPlace(SchemaResource Resource, string Location);
