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
