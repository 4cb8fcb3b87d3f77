using Harmony.Core.Routing;

namespace Harmony.Testing;

/// <summary>A way to write a path, and what has to become of it: the same for route, filter, policy and origin.</summary>
/// <param name="Raw">The request target as sent.</param>
/// <param name="Canonical">The only path that anybody behind the listener may see; null if the request is always refused with 400.</param>
/// <param name="Oddities">Not none: refused unless the endpoint allows them.</param>
public sealed record PathEncoding(string Raw, string? Canonical, PathOddities Oddities)
{
    /// <summary>Whether no endpoint may accept the target.</summary>
    public bool RefusedAlways => Canonical is null;

    /// <summary>Whether only an endpoint that says so may accept the target.</summary>
    public bool RefusedUnlessAllowed => Canonical is not null && Oddities != PathOddities.None;
}
