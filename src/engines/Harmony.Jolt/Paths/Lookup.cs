using System.Globalization;
using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Paths;

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
