namespace Harmony.JsonSchema.Loading;

/// <summary>Something wrong with a schema.</summary>
/// <param name="Location">File and JSON pointer.</param>
/// <param name="Message">What was found and what was expected.</param>
internal sealed record SchemaMistake(string Location, string Message)
{
    /// <summary>The names that a keyword can have.</summary>
    public static IEnumerable<string> KnownKeywords => KeywordTable.Names.Concat(SchemaDialect.WithoutDemand);

    /// <summary>The keyword that does not exist, so that the reader can be told the nearest of <see cref="KnownKeywords"/>; null for other mistakes.</summary>
    public string? UnknownKeyword { get; init; }
}

/// <summary>A keyword has a value that it cannot have; becomes a <see cref="SchemaMistake"/> with the place.</summary>
internal sealed class SchemaException(string message) : Exception(message);
