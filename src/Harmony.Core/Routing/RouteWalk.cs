namespace Harmony.Core.Routing;

/// <summary>One search through the trie, depth first, most specific child first.</summary>
/// <param name="path">The path as <see cref="ComparablePath"/> spells it.</param>
/// <param name="method">The method of the request.</param>
/// <param name="allowed">Collects the methods of the routes that have the path but not the method; null if they are not needed.</param>
internal ref struct RouteWalk<T>(ReadOnlySpan<char> path, string method, SortedSet<string>? allowed)
{
    private readonly ReadOnlySpan<char> _path = path;

    /// <summary>Nodes visited.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether a route had the path but not the method.</summary>
    public bool MethodMissed { get; private set; }

    /// <summary>The value of the found route.</summary>
    public T? Value { get; private set; }

    /// <summary>How much of the path the route found names.</summary>
    public int PrefixLength { get; private set; }

    /// <summary>Looks for a route below <paramref name="node"/>, to which the path led up to <paramref name="at"/>: a slash or the end.</summary>
    /// <remarks>A node has one depth, and at one depth the path is at one place: nothing is searched twice, however often a branch is a dead end.</remarks>
    public bool TryFind(RouteNode<T> node, int at)
    {
        Steps++;
        if (at == _path.Length) return TryTake(node.Exact, at) || TryTake(node.Prefix, at);

        var rest = _path[(at + 1)..];
        var end = rest.IndexOf('/');
        var segment = end < 0 ? rest : rest[..end];
        return TryChildren(node, segment, at + 1 + segment.Length) || TryCatchAlls(node, rest, at) || TryTake(node.Prefix, at);
    }

    private bool TryChildren(RouteNode<T> node, ReadOnlySpan<char> segment, int next)
    {
        if (node.TryGetLiteral(segment, out var child) && TryFind(child, next)) return true;
        foreach (ref readonly var parameter in node.Parameters.AsSpan())
        {
            if (parameter.Key.Accepts(segment) && TryFind(parameter.Value, next)) return true;
        }
        return false;
    }

    private bool TryCatchAlls(RouteNode<T> node, ReadOnlySpan<char> rest, int at)
    {
        foreach (ref readonly var catchAll in node.CatchAlls.AsSpan())
        {
            if (catchAll.Key.Accepts(rest) && TryTake(catchAll.Value, at)) return true;
        }
        return false;
    }

    private bool TryTake(RouteLeaf<T>? leaf, int prefixLength)
    {
        if (leaf is null) return false;
        if (!leaf.TryGet(method, out var value))
        {
            MethodMissed = true;
            allowed?.UnionWith(leaf.Methods);
            return false;
        }

        Value = value;
        PrefixLength = prefixLength;
        return true;
    }
}
