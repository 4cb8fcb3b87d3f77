using Harmony.Core.Configuration;

namespace Harmony.Data.Middleware.JsonExtractor;

/// <summary>The options of a <c>json_extractor</c> middleware: none.</summary>
public sealed record JsonExtractorOptions : ConfigNode;
