namespace Harmony.Core.Routing;

/// <summary>Finds the most specific of many routes for a canonical path and a method. Immutable; a match allocates nothing unless it ends in a 405.</summary>
/// <remarks>
/// Segment by segment from the left, text goes before <c>{parameter}</c> before catch-all before prefix; a route that turns out not to fit, or not
/// to have the method, gives way to the next one. Each node of the trie is visited at most once, so no path can make a match expensive.
/// </remarks>
/// <typeparam name="T">Type of a route's value.</typeparam>
public sealed partial class RouteTable<T>
{
    private readonly RouteNode<T> _root;

    private RouteTable(RouteNode<T> root) => _root = root;

    /// <summary>Finds the route for <paramref name="path"/>.</summary>
    /// <param name="path">A canonical path (<see cref="CanonicalPath"/>). <c>*</c> is never found.</param>
    /// <param name="method">The method as it stands in the request line. GET does not imply HEAD.</param>
    public RouteMatch<T> Match(ReadOnlySpan<char> path, string method) => Match(path, method, out _);

    /// <summary>As above, and tells the work: how many nodes were visited.</summary>
    internal RouteMatch<T> Match(ReadOnlySpan<char> path, string method, out int steps)
    {
        steps = 0;
        if (path.IsEmpty || path[0] != '/') return default;

        using var comparable = new ComparablePath(path, stackalloc char[ComparablePath.ScratchLength]);
        var walk = new RouteWalk<T>(comparable.Text, method, allowed: null);
        var found = walk.TryFind(_root, 0);
        steps = walk.Steps;
        if (found) return new RouteMatch<T>(walk.Value!, comparable.ToPathIndex(walk.PrefixLength));
        return walk.MethodMissed ? new RouteMatch<T>(AllowedMethods(comparable.Text, method)) : default;
    }

    // The same walk again, now taking notes: only a 405 pays its price.
    private string[] AllowedMethods(ReadOnlySpan<char> comparable, string method)
    {
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        new RouteWalk<T>(comparable, method, allowed).TryFind(_root, 0);
        return [.. allowed];
    }
}
