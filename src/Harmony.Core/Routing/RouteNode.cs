using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

/// <summary>A place in the trie of segments that a <see cref="RouteTable{T}"/> is. Immutable.</summary>
internal sealed class RouteNode<T>
{
    private readonly FrozenDictionary<string, RouteNode<T>>.AlternateLookup<ReadOnlySpan<char>> _literals;

    public RouteNode(Dictionary<string, RouteNode<T>> literals)
        => _literals = literals.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The children behind a <c>{parameter}</c>, those with more text around it first.</summary>
    public required KeyValuePair<RouteSegment, RouteNode<T>>[] Parameters { get; init; }

    /// <summary>The routes that end here in a catch-all, those with more text before it first.</summary>
    public required KeyValuePair<RouteSegment, RouteLeaf<T>>[] CatchAlls { get; init; }

    /// <summary>The route for exactly this path.</summary>
    public required RouteLeaf<T>? Exact { get; init; }

    /// <summary>The route for this path and everything below it.</summary>
    public required RouteLeaf<T>? Prefix { get; init; }

    /// <summary>The child for the very text <paramref name="segment"/>.</summary>
    public bool TryGetLiteral(ReadOnlySpan<char> segment, [MaybeNullWhen(false)] out RouteNode<T> child) => _literals.TryGetValue(segment, out child);
}

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

/// <summary>The values of one route, by method. Filled while its table is built, only read afterwards.</summary>
internal sealed class RouteLeaf<T>
{
    // Two or three entries: a scan over short strings beats a hash.
    private readonly List<KeyValuePair<string, T>> _byMethod = [];
    private bool _hasAny;
    private T? _any;

    /// <summary>The methods that are named; says nothing about a value for any method.</summary>
    public IEnumerable<string> Methods => _byMethod.Select(entry => entry.Key);

    /// <summary>Adds <paramref name="value"/> unless that very method, or null for any, is taken.</summary>
    public bool TryAdd(string? method, T value, [MaybeNullWhen(true)] out T existing)
    {
        if (method is null)
        {
            existing = _any!;
            if (_hasAny) return false;
            (_hasAny, _any) = (true, value);
            return true;
        }

        if (TryGetNamed(method, out existing)) return false;
        _byMethod.Add(new KeyValuePair<string, T>(method, value));
        return true;
    }

    /// <summary>The value for <paramref name="method"/>: its own, else the one for any.</summary>
    public bool TryGet(string method, [MaybeNullWhen(false)] out T value)
    {
        if (TryGetNamed(method, out value)) return true;
        value = _any!;
        return _hasAny;
    }

    private bool TryGetNamed(string method, [MaybeNullWhen(false)] out T value)
    {
        foreach (var entry in _byMethod)
        {
            if (!entry.Key.Equals(method, StringComparison.Ordinal)) continue;
            value = entry.Value;
            return true;
        }
        value = default;
        return false;
    }
}
