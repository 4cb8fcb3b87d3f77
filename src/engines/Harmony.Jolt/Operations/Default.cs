using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary><c>default</c>: walks the spec and adds what the document does not have, or has as <c>null</c>.</summary>
internal sealed class Default : IOperation
{
    private readonly DefaultBranch _object;
    private readonly DefaultBranch? _array;

    private Default(DefaultBranch obj, DefaultBranch? array)
    {
        _object = obj;
        _array = array;
    }

    /// <summary>Compiles the <c>spec</c> of a default; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is not { } obj)
        {
            scope.Error("the spec of a default is an object of keys and what they default to");
            return null;
        }

        // The spec cannot say whether the document is an array. When its keys are indexes, it serves both.
        var indexes = obj.Members.ToArray().All(m => DefaultCompiler.IsIndexKey(m.Key));
        return new Default(DefaultCompiler.Compile(obj, ofArray: false, scope), indexes ? DefaultCompiler.Compile(obj, ofArray: true, scope) : null);
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var document = input.IsNullOrMissing ? DocValue.Of(new DocObject()) : Owned.Of(input, run);
        if (document.Kind == DocKind.Array && _array is null)
            throw new JoltException("default: the document is an array, and the spec has keys that are no array indexes");
        (document.Kind == DocKind.Array ? _array! : _object).Apply(document, run);
        return document;
    }
}

/// <summary>The keys of one object of a default spec, in the order in which they apply.</summary>
internal sealed class DefaultBranch(IReadOnlyList<DefaultEntry> entries, bool ofArray)
{
    private readonly DefaultEntry[] _entries = [.. entries];

    /// <summary>How many values the array must have for the literal indexes of the spec.</summary>
    private readonly int _arrayLength = ofArray ? entries.Select(e => e.LargestLiteralIndex).DefaultIfEmpty(-1).Max() + 1 : 0;

    /// <summary>The empty container these keys belong into.</summary>
    public DocValue NewContainer() => ofArray ? DocValue.Of(new DocArray()) : DocValue.Of(new DocObject());

    /// <summary>Adds what is missing to <paramref name="container"/>, which may be changed. One of the wrong kind is left as it is.</summary>
    public void Apply(DocValue container, JoltRun run)
    {
        run.Meter.Spend();
        if (ofArray && container.AsArray is { } array)
        {
            Arrays.Extend(array, _arrayLength, run);
            foreach (var entry in _entries) entry.ApplyTo(array, run);
        }
        else if (!ofArray && container.AsObject is { } obj)
        {
            foreach (var entry in _entries) entry.ApplyTo(obj, run);
        }
    }
}

/// <summary>A key of a default spec: literal, alternatives, or <c>*</c>.</summary>
/// <param name="names">The literal key or the alternatives; empty for <c>*</c>.</param>
/// <param name="below">What the key's value must have, or null when the key has a plain value.</param>
/// <param name="value">The plain value.</param>
internal sealed class DefaultEntry(IReadOnlyList<string> names, DefaultBranch? below, ValueTemplate value)
{
    private readonly string[] _names = [.. names];
    private readonly int[] _indexes = [.. names.Select(n => IndexText.TryParse(n, out var index) ? index : -1)];

    /// <summary>The index it adds to an array that is too short; -1 when it adds none.</summary>
    public int LargestLiteralIndex => _names.Length == 1 ? _indexes[0] : -1;

    // Only a literal key adds a member. The other two apply to members that are there, in the document or from literal keys.
    private bool IsLiteral => _names.Length == 1;

    public void ApplyTo(DocObject obj, JoltRun run)
    {
        if (_names.Length == 0)
        {
            run.Meter.Spend(obj.Count);
            for (var i = 0; i < obj.Count; i++) obj.SetAt(i, Filled(obj.Members[i].Value, run));
            return;
        }

        foreach (var name in _names)
        {
            var i = obj.IndexOf(name);
            if (i >= 0) obj.SetAt(i, Filled(obj.Members[i].Value, run));
            else if (IsLiteral) obj.Set(name, Filled(default, run));
        }
    }

    public void ApplyTo(DocArray array, JoltRun run)
    {
        if (_names.Length == 0)
        {
            run.Meter.Spend(array.Count);
            for (var i = 0; i < array.Count; i++) array[i] = Filled(array[i], run);
            return;
        }

        foreach (var index in _indexes)
        {
            if ((uint)index < (uint)array.Count) array[index] = Filled(array[index], run);
        }
    }

    private DocValue Filled(DocValue current, JoltRun run)
    {
        if (below is null) return current.IsNullOrMissing ? value.Expand(run) : current;
        var container = current.IsNullOrMissing ? below.NewContainer() : Owned.Of(current, run);
        below.Apply(container, run);
        return container;
    }
}
