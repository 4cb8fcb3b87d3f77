using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>Compiles the spec of a modify.</summary>
internal sealed class ModifyCompiler(WriteMode mode)
{
    /// <summary>Compiles the whole spec.</summary>
    public ModifyBranch CompileRoot(DocObject spec, SpecScope scope)
        => CompileBranch(new ModifyKey(new LiteralKey(ShiftCompiler.RootKey), mode, MustExist: false), spec, scope, Levels.Root);

    private ModifyBranch CompileBranch(ModifyKey key, DocObject spec, SpecScope scope, Levels levels)
    {
        var children = new List<ModifyNode>();
        var seen = new HashSet<string>();
        foreach (var (text, value) in spec.Members)
        {
            foreach (var alternative in KeyAlternatives.Split(text))
            {
                if (CompileChild(alternative, value, scope.At(text), levels, seen) is { } child) children.Add(child);
            }
        }

        if (children.Any(c => c.Key.Pattern is IndexKey) && children.Any(c => c.Key.Pattern is LiteralKey or GlobKey))
            scope.Error("array indexes and object keys are mixed, but a value cannot be both an array and an object; '*' fits both");
        return new ModifyBranch(key, children);
    }

    private ModifyNode? CompileChild(string text, DocValue value, SpecScope scope, Levels levels, HashSet<string> seen)
    {
        if (scope.Try(() => ModifyKey.Parse(text, mode)) is not { } key) return null;
        if (!seen.Add(key.Pattern.Canonical))
        {
            scope.Error($"'{text}' means the same as another key beside it");
            return null;
        }

        if (key.Pattern is LiteralKey literal) scope.Keys.Add(literal.Name);
        if (key.Pattern is IndexKey index && index.Index >= scope.Options.MaxArrayLength)
            scope.Error($"'{text}' is beyond the length an array may be extended to ({scope.Options.MaxArrayLength})");
        var below = levels.Below(key.Pattern);
        if (value.AsObject is { Count: > 0 } obj) return CompileBranch(key, obj, scope, below);
        return new ModifyLeaf(key, CompileExpressions(value, scope, below));
    }

    private static List<IExpression> CompileExpressions(DocValue value, SpecScope scope, Levels levels)
    {
        if (value.AsArray is not { Count: > 0 } array) return [CompileExpression(value, scope, levels)];
        var expressions = new List<IExpression>();
        for (var i = 0; i < array.Count; i++) expressions.Add(CompileExpression(array[i], scope.At(i), levels));
        return expressions;
    }

    private static IExpression CompileExpression(DocValue value, SpecScope scope, Levels levels)
    {
        if (value.Kind != DocKind.String) return new ConstantExpression(value);
        var expression = scope.Try(() => ExpressionParser.Parse(value.GetText(), scope)) ?? new ConstantExpression(DocValue.Null);
        levels.Check(expression.References, scope.Warn, scope); // to the reference implementation that is no error: there is just no value
        return expression;
    }
}
