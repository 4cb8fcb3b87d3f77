namespace Harmony.Modules.Middleware.Schema.Loading;

/// <summary>Something wrong with a schema.</summary>
/// <param name="Location">File and JSON pointer.</param>
/// <param name="Message">What was found and what was expected.</param>
internal sealed record SchemaMistake(string Location, string Message);
