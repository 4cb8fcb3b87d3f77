namespace Harmony.Core.Pipeline;

/// <summary>A middleware with the name its configuration gives it, for logs and faults.</summary>
internal readonly record struct NamedStep<T>(string Name, T Middleware);
