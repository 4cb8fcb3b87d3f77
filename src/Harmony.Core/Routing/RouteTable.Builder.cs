using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

public sealed partial class RouteTable<T>
{
    /// <summary>Collects routes for a table.</summary>
    public sealed class Builder
    {
        private RouteNodeBuilder<T> _root = new();

        /// <summary>Adds a route for the paths that <paramref name="pattern"/> matches.</summary>
        /// <param name="pattern">The paths.</param>
        /// <param name="method">The method as it stands in the request line, or null for any. One of its own goes before any.</param>
        /// <param name="value">The value of the route.</param>
        /// <param name="existing">The value of the existing route with the same shape and method, if false is returned.</param>
        public bool TryAdd(RoutePattern pattern, string? method, T value, [MaybeNullWhen(true)] out T existing)
        {
            ArgumentNullException.ThrowIfNull(pattern);
            var last = pattern.Segments[^1];
            var leaf = last.IsCatchAll ? Descend(pattern.Segments.AsSpan()[..^1]).CatchAll(last) : Descend(pattern.Segments.AsSpan()).Exact;
            return leaf.TryAdd(method, value, out existing);
        }

        /// <summary>Adds a route for <paramref name="prefix"/> and all below it: <c>/api</c> has <c>/api/x</c>, not <c>/apix</c>; <c>/</c> has all.</summary>
        /// <param name="prefix">The prefix; may hold <c>{parameters}</c>. If it comes from a user, try <see cref="RoutePattern.TryParsePrefix"/> first.</param>
        /// <param name="method">The method as it stands in the request line, or null for any. One of its own goes before any.</param>
        /// <param name="value">The value of the route.</param>
        /// <param name="existing">The value of the existing prefix with the same shape and method, if false is returned.</param>
        /// <exception cref="ArgumentException"><paramref name="prefix"/> is malformed.</exception>
        public bool TryAddPrefix(string prefix, string? method, T value, [MaybeNullWhen(true)] out T existing)
        {
            if (!RoutePattern.TryParsePrefix(prefix, out var pattern, out var error)) throw new ArgumentException(error, nameof(prefix));
            return Descend(pattern.Segments.AsSpan()).Prefix.TryAdd(method, value, out existing);
        }

        /// <summary>The table of everything added; the builder is empty afterwards.</summary>
        public RouteTable<T> Build()
        {
            var root = _root.Build();
            _root = new RouteNodeBuilder<T>(); // the leaves belong to the table now
            return new RouteTable<T>(root);
        }

        private RouteNodeBuilder<T> Descend(ReadOnlySpan<RouteSegment> segments)
        {
            var node = _root;
            foreach (var segment in segments) node = node.Child(segment);
            return node;
        }
    }
}
