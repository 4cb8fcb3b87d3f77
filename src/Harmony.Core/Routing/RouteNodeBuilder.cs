namespace Harmony.Core.Routing;

/// <summary>A <see cref="RouteNode{T}"/> in the making.</summary>
internal sealed class RouteNodeBuilder<T>
{
    private readonly Dictionary<string, RouteNodeBuilder<T>> _literals = new(StringComparer.Ordinal);
    private readonly Dictionary<RouteSegment, RouteNodeBuilder<T>> _parameters = [];
    private readonly Dictionary<RouteSegment, RouteLeaf<T>> _catchAlls = [];
    private RouteLeaf<T>? _exact;
    private RouteLeaf<T>? _prefix;

    /// <summary>The route that ends here.</summary>
    public RouteLeaf<T> Exact => _exact ??= new RouteLeaf<T>();

    /// <summary>The route for everything from here on.</summary>
    public RouteLeaf<T> Prefix => _prefix ??= new RouteLeaf<T>();

    /// <summary>The node behind <paramref name="segment"/>, which is no catch-all.</summary>
    public RouteNodeBuilder<T> Child(RouteSegment segment)
        => segment.Kind == RouteSegmentKind.Literal ? GetOrAdd(_literals, segment.Prefix) : GetOrAdd(_parameters, segment);

    /// <summary>The route that ends here in <paramref name="segment"/>.</summary>
    public RouteLeaf<T> CatchAll(RouteSegment segment) => GetOrAdd(_catchAlls, segment);

    /// <summary>The finished node with everything below it.</summary>
    public RouteNode<T> Build() => new(_literals.ToDictionary(child => child.Key, child => child.Value.Build(), StringComparer.Ordinal))
    {
        Parameters = [.. MostSpecificFirst(_parameters).Select(child => KeyValuePair.Create(child.Key, child.Value.Build()))],
        CatchAlls = [.. MostSpecificFirst(_catchAlls)],
        Exact = _exact,
        Prefix = _prefix,
    };

    private static TValue GetOrAdd<TKey, TValue>(Dictionary<TKey, TValue> children, TKey key)
        where TKey : notnull
        where TValue : new()
    {
        if (!children.TryGetValue(key, out var child)) children.Add(key, child = new TValue());
        return child;
    }

    // The shape comes last so that the order never depends on the order of adding.
    private static IEnumerable<KeyValuePair<RouteSegment, TValue>> MostSpecificFirst<TValue>(Dictionary<RouteSegment, TValue> children)
        => children.OrderByDescending(child => child.Key.Prefix.Length + child.Key.Suffix.Length)
            .ThenByDescending(child => child.Key.Prefix.Length)
            .ThenBy(child => child.Key.Kind)
            .ThenBy(child => child.Key.Shape, StringComparer.Ordinal);
}
