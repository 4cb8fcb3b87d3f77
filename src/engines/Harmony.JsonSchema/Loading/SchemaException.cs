namespace Harmony.JsonSchema.Loading;

/// <summary>A keyword has a value that it cannot have; becomes a <see cref="SchemaMistake"/> with the place.</summary>
internal sealed class SchemaException(string message) : Exception(message);
