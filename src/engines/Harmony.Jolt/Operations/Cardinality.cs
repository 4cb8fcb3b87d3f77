using System.Collections.Frozen;
using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary><c>cardinality</c>: makes an array of a single value (<c>MANY</c>), or takes the first value of an array (<c>ONE</c>).</summary>
internal sealed class Cardinality : IOperation
{
    private readonly CardinalityBranch _root;

    private Cardinality(CardinalityBranch root) => _root = root;

    /// <summary>Compiles the <c>spec</c> of a cardinality; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is { } obj) return new Cardinality(CardinalityBranch.Compile(obj, scope));
        scope.Error("the spec of a cardinality is an object of keys with ONE, MANY or further keys");
        return null;
    }

    public DocValue Apply(DocValue input, JoltRun run) => _root.Apply(input, run);
}

/// <summary>What becomes of a value that a cardinality key matches.</summary>
internal abstract class CardinalityRule
{
    /// <summary>What takes the place of <paramref name="value"/>.</summary>
    public abstract DocValue Apply(DocValue value, JoltRun run);
}

/// <summary><c>ONE</c> or <c>MANY</c>.</summary>
internal sealed class CardinalityCount : CardinalityRule
{
    public static readonly CardinalityCount One = new(many: false);
    public static readonly CardinalityCount Many = new(many: true);

    private readonly bool _many;

    private CardinalityCount(bool many) => _many = many;

    public override DocValue Apply(DocValue value, JoltRun run)
    {
        if (value.AsArray is { } array) return _many ? value : First(array);
        if (!_many) return value;
        return DocValue.Of(value.IsNullOrMissing ? new DocArray() : new DocArray([value]));
    }

    private static DocValue First(DocArray array)
    {
        if (array.Count == 0) return DocValue.Null;
        return array.IsShared ? array[0].Share() : array[0];
    }
}

/// <summary>A cardinality key with further keys below it. They know no token but <c>*</c> and <c>@</c>, and no escapes.</summary>
internal sealed class CardinalityBranch : CardinalityRule
{
    private readonly CardinalityCount? _self; // what '@' says of the value itself, before its members are looked at
    private readonly FrozenDictionary<string, CardinalityRule> _literals;
    private readonly (ComputedKey Key, CardinalityRule Rule)[] _computed;

    private CardinalityBranch(CardinalityCount? self, Dictionary<string, CardinalityRule> literals, List<(ComputedKey Key, CardinalityRule Rule)> computed)
    {
        _self = self;
        _literals = literals.ToFrozenDictionary();
        _computed = [.. computed.OrderBy(c => c.Key, ComputedKey.MostSpecificFirst)];
    }

    /// <summary>Compiles the keys of one object.</summary>
    public static CardinalityBranch Compile(DocObject spec, SpecScope scope)
    {
        if (spec.Count == 0) scope.Error("an empty object changes nothing; expected ONE, MANY or keys");
        CardinalityCount? self = null;
        var literals = new Dictionary<string, CardinalityRule>();
        var computed = new List<(ComputedKey Key, CardinalityRule Rule)>();
        foreach (var (key, value) in spec.Members)
        {
            var at = scope.At(key);
            scope.Keys.Add(key);
            if (key.Contains('@')) self = CompileSelf(key, value, at);
            else if (CompileRule(value, at) is not { } rule) continue;
            else if (key == "*") computed.Add((new AnyKey(), rule));
            else if (key.Contains('*')) computed.Add((new GlobKey(key, new Glob(key.Split('*'))), rule));
            else literals.Add(key, rule);
        }

        return new CardinalityBranch(self, literals, computed);
    }

    public override DocValue Apply(DocValue value, JoltRun run)
    {
        run.Meter.Spend();
        var result = _self?.Apply(value, run) ?? value;

        // The reference implementation does not look below a value that '@': 'ONE' found to be one already.
        if (_self == CardinalityCount.One && value.Kind != DocKind.Array) return result;
        result = Owned.Of(result, run);
        if (result.AsObject is { } obj) ApplyToObject(obj, run);
        else if (result.AsArray is { } array) ApplyToArray(array, run);
        return result;
    }

    private static CardinalityCount? CompileSelf(string key, DocValue value, SpecScope scope)
    {
        if (key != "@") scope.Error($"key '{key}' has an '@'; cardinality knows '@' alone, for the value itself");
        var rule = CompileRule(value, scope);
        if (rule is CardinalityBranch) scope.Error("'@' is the value itself and can have no keys below it; expected ONE or MANY");
        return rule as CardinalityCount;
    }

    private static CardinalityRule? CompileRule(DocValue value, SpecScope scope)
    {
        if (value.AsObject is { } obj) return Compile(obj, scope);
        var text = value.Kind == DocKind.String ? value.GetText() : "";
        if (text == "ONE") return CardinalityCount.One;
        if (text == "MANY") return CardinalityCount.Many;
        scope.Error($"expected ONE, MANY or an object of keys{NearestWord.Hint(text, ["ONE", "MANY"])}");
        return null;
    }

    private void ApplyToObject(DocObject obj, JoltRun run)
    {
        run.Meter.Spend(obj.Count);
        for (var i = 0; i < obj.Count; i++)
        {
            var (key, value) = obj.Members[i];
            if (Find(key, run) is { } rule) obj.SetAt(i, rule.Apply(value, run));
        }
    }

    private void ApplyToArray(DocArray array, JoltRun run)
    {
        run.Meter.Spend(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            if (Find(IndexText.Of(i), run) is { } rule) array[i] = rule.Apply(array[i], run);
        }
    }

    private CardinalityRule? Find(string key, JoltRun run)
    {
        if (_literals.TryGetValue(key, out var literal)) return literal;
        foreach (var (pattern, rule) in _computed)
        {
            if (pattern.IsMatch(key, run.Walk)) return rule;
        }

        return null;
    }
}
