using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Paths;

/// <summary>A path like <c>rating[&amp;1].value</c>, read once, to be resolved against many walked paths.</summary>
internal sealed class PathTemplate(IReadOnlyList<PathPart> parts)
{
    private readonly PathPart[] _parts = [.. parts];

    /// <summary>How many steps it has.</summary>
    public int Length => _parts.Length;

    /// <summary>Its steps.</summary>
    public IReadOnlyList<PathPart> Parts => _parts;

    /// <summary>The references it makes to the walked path.</summary>
    public IEnumerable<Reference> References => _parts.SelectMany(p => p.References);

    /// <summary>Resolves every step into <paramref name="keys"/>; false when a reference leads nowhere.</summary>
    public bool TryResolve(Walk walk, Span<PathKey> keys)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            if (!_parts[i].TryResolve(walk, out keys[i])) return false;
        }

        return true;
    }

    /// <summary>The value the path leads to from <paramref name="root"/>; missing when there is none.</summary>
    public DocValue Read(DocValue root, Walk walk)
    {
        var value = root;
        foreach (var part in _parts)
        {
            if (value.IsNullOrMissing || !part.TryResolve(walk, out var key)) return default;
            value = Step(value, key);
        }

        return value;
    }

    public override string ToString() => string.Join('.', _parts.Select(p => p.ToString()));

    private static DocValue Step(DocValue value, PathKey key)
    {
        if (key.Name is not null) return value.AsObject?.Get(key.Name) ?? default;
        return value.AsArray is { } array && (uint)key.Index < (uint)array.Count ? array[key.Index] : default;
    }
}
