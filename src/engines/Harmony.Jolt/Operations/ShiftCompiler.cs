using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>Compiles the spec of a shift.</summary>
internal sealed class ShiftCompiler
{
    /// <summary>What <c>&amp;</c> sees at the level of the whole document.</summary>
    public const string RootKey = "root";

    /// <summary>How many steps the longest path has that is written to.</summary>
    public int LongestPath { get; private set; }

    /// <summary>Compiles the whole spec; null when errors were reported.</summary>
    public ShiftBranch? CompileRoot(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is { } obj) return CompileBranch(new LiteralKey(RootKey), obj, scope, Levels.Root);
        scope.Error("the spec of a shift is an object of input keys");
        return null;
    }

    private ShiftBranch? CompileBranch(KeyPattern key, DocObject spec, SpecScope scope, Levels levels)
    {
        if (key is InputKey or NameKey) scope.Error($"'{key.Canonical}' is a single value and can have no keys below it; give it a path");
        if (spec.Count == 0) scope.Error("an empty object matches nothing; give the key a path, or null to throw its value away");
        var children = new List<ShiftNode>();
        var seen = new HashSet<string>();
        foreach (var (text, value) in spec.Members)
        {
            foreach (var alternative in KeyAlternatives.Split(text))
            {
                if (CompileChild(alternative, value, scope.At(text), levels, seen) is { } child) children.Add(child);
            }
        }

        return new ShiftBranch(key, children);
    }

    private ShiftNode? CompileChild(string text, DocValue value, SpecScope scope, Levels levels, HashSet<string> seen)
    {
        if (scope.Try(() => KeyParser.Parse(text)) is not { } key) return null;
        if (!seen.Add(key.Canonical))
        {
            scope.Error($"'{text}' means the same as another key beside it");
            return null;
        }

        if (key is IndexKey index)
            scope.Error($"'{text}' matches nothing on the left of a shift; the key of an array's item is its bare index: '{index.Index}'");
        if (key is LiteralKey literal) scope.Keys.Add(literal.Name);
        levels.Check(key.References, scope.Error, scope);
        var below = levels.Below(key);
        return value.AsObject is { } obj ? CompileBranch(key, obj, scope, below) : CompileLeaf(key, value, scope, below);
    }

    private ShiftLeaf? CompileLeaf(KeyPattern key, DocValue value, SpecScope scope, Levels levels)
    {
        switch (value.Kind)
        {
            case DocKind.Null:
                return new ShiftLeaf(key, []);
            case DocKind.String:
                return CompileTarget(value, scope, levels) is { } target ? new ShiftLeaf(key, [target]) : null;
            case DocKind.Array:
                var targets = value.AsArray!.Items.ToArray().Select((item, i) => CompileTarget(item, scope.At(i), levels)).OfType<PathTemplate>().ToList();
                return new ShiftLeaf(key, targets);
            default:
                scope.Error("a shift goes to a path, an array of paths, an object of further keys, or null for nowhere");
                return null;
        }
    }

    private PathTemplate? CompileTarget(DocValue value, SpecScope scope, Levels levels)
    {
        if (value.Kind != DocKind.String)
        {
            scope.Error("a path to write to is a string");
            return null;
        }

        var text = value.GetText();
        if (scope.Try(() => PathParser.Parse(string.IsNullOrWhiteSpace(text) ? "" : text)) is not { } path) return null;
        levels.Check(path.References, scope.Error, scope);
        if (path.Length > scope.Options.MaxDepth) scope.Error($"a path of {path.Length} steps is deeper than a document may be ({scope.Options.MaxDepth})");
        foreach (var name in path.Parts.OfType<NamePart>()) scope.Keys.Add(name.Name);
        LongestPath = Math.Max(LongestPath, path.Length);
        return path;
    }
}
