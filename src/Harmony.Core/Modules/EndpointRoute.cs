using Harmony.Core.Routing;

namespace Harmony.Core.Modules;

/// <summary>One claim of an endpoint on the paths of a network.</summary>
/// <param name="Pattern">The pattern; for <paramref name="IsPrefix"/> the prefix, which claims all below it too.</param>
/// <param name="IsPrefix">Whether everything below at a segment boundary is meant.</param>
/// <param name="Method">The method claimed, or null for every one.</param>
public sealed record EndpointRoute(RoutePattern Pattern, bool IsPrefix, string? Method);
