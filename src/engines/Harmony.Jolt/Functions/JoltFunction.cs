using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function of the modify operations. It changes nothing it is given.</summary>
internal abstract class JoltFunction
{
    /// <summary>The body of a function of several values.</summary>
    public delegate DocValue ListBody(ReadOnlySpan<DocValue> values, JoltRun run);

    /// <summary>The body of a function of one value.</summary>
    public delegate DocValue ValueBody(DocValue value, JoltRun run);

    /// <summary>The body of a function of several values and one that says what to do with them.</summary>
    public delegate DocValue LedBody(DocValue lead, ReadOnlySpan<DocValue> values, JoltRun run);

    /// <summary>Its answer, or missing when it has none for these arguments: then nothing is written.</summary>
    public abstract DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run);
}
