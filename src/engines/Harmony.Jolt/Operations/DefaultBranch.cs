using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

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
