using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

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
