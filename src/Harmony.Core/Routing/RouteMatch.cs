namespace Harmony.Core.Routing;

/// <summary>What <see cref="RouteTable{T}.Match(ReadOnlySpan{char}, string)"/> found.</summary>
/// <typeparam name="T">What a route leads to.</typeparam>
public readonly struct RouteMatch<T>
{
    private readonly IReadOnlyList<string>? _allowedMethods;

    internal RouteMatch(T value, int prefixLength)
    {
        Outcome = RouteOutcome.Found;
        Value = value;
        PrefixLength = prefixLength;
    }

    internal RouteMatch(IReadOnlyList<string> allowedMethods)
    {
        Outcome = RouteOutcome.MethodNotAllowed;
        Value = default!;
        _allowedMethods = allowedMethods;
    }

    /// <summary>How the search ended.</summary>
    public RouteOutcome Outcome { get; }

    /// <summary>What the route leads to; <c>default</c> unless <see cref="RouteOutcome.Found"/>.</summary>
    public T Value { get; }

    /// <summary>
    /// How much of the path the route names; the rest is empty or starts with a slash. For a prefix that is the prefix (0 for <c>/</c>), for a
    /// pattern the segments before its catch-all, or everything.
    /// </summary>
    public int PrefixLength { get; }

    /// <summary>The methods for the <c>Allow</c> header, sorted; empty unless <see cref="RouteOutcome.MethodNotAllowed"/>.</summary>
    public IReadOnlyList<string> AllowedMethods => _allowedMethods ?? [];
}
