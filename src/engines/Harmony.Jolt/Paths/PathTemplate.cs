using System.Globalization;
using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Paths;

/// <summary>A path like <c>rating[&amp;1].value</c>, read once, to be resolved against many walked paths.</summary>
internal sealed class PathTemplate(IReadOnlyList<PathPart> parts)
{
    private readonly PathPart[] _parts = [.. parts];
    private readonly PathKey?[] _constant = [.. parts.Select(p => p.Constant)];

    /// <summary>How many steps it has.</summary>
    public int Length => _parts.Length;

    /// <summary>Whether it leads to the same place whatever the input is.</summary>
    public bool IsConstant => Array.TrueForAll(_constant, c => c is not null);

    /// <summary>Its steps.</summary>
    public IReadOnlyList<PathPart> Parts => _parts;

    /// <summary>The references it makes to the walked path.</summary>
    public IEnumerable<Reference> References => _parts.SelectMany(p => p.References);

    /// <summary>Resolves every step into <paramref name="keys"/>; false when a reference leads nowhere.</summary>
    public bool TryResolve(Walk walk, Span<PathKey> keys)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            if (_constant[i] is { } constant) keys[i] = constant;
            else if (!_parts[i].TryResolve(walk, out keys[i])) return false;
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

/// <summary><c>@(2,a.b)</c>: up the walked path by some levels, and from there down a path.</summary>
internal sealed class Lookup(int level, PathTemplate? path)
{
    /// <summary>The references it makes to the walked path.</summary>
    public IEnumerable<Reference> References => [new(level, 0), .. path?.References ?? []];

    /// <summary>The value; missing when there is none.</summary>
    public DocValue Find(Walk walk)
    {
        var tree = walk.TreeAt(level);
        return path is null ? tree : path.Read(tree, walk);
    }

    /// <summary>The value as a key; null when it cannot be one.</summary>
    public string? FindText(Walk walk)
    {
        var value = Find(walk);
        return value.Kind switch
        {
            DocKind.String => value.GetText(),
            DocKind.Number => WholeNumber(value),
            DocKind.True => "true",
            DocKind.False => "false",
            _ => null,
        };
    }

    public override string ToString() => $"@({level},{path})";

    // 3.0 is the index 3 to Java, which looks numbers up to use them as indexes.
    private static string? WholeNumber(DocValue value)
    {
        var text = value.GetText();
        if (!text.AsSpan().ContainsAny('.', 'e', 'E')) return text;
        return DocNumber.TryParse(text, out var number) ? number.Truncated.ToString(CultureInfo.InvariantCulture) : null;
    }
}
