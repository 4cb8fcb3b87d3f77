using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>What a type is given to build a middleware.</summary>
public sealed class MiddlewareContext : ModuleContext
{
    /// <summary>The authentication it refers to, or null.</summary>
    public AuthenticationSection? Authentication { get; init; }
}
