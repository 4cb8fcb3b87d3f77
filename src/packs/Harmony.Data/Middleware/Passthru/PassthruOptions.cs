using Harmony.Core.Configuration;

namespace Harmony.Data.Middleware.Passthru;

/// <summary>The options of a <c>passthru</c> middleware: none.</summary>
[FormerKey("description", "it says something to people only")]
public sealed record PassthruOptions : ConfigNode;
