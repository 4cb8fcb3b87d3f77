using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions that answer their first argument or nothing, to choose between alternatives.</summary>
internal static class PresenceFunctions
{
    public static DocValue Nothing(ReadOnlySpan<DocValue> values, JoltRun run) => default;

    public static DocValue IsPresent(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty ? default : values[0];

    public static DocValue NotNull(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty || values[0].IsNullOrMissing ? default : values[0];

    /// <summary><c>ifEquals(value, other, then, else)</c>: the third when the first two are equal, else the fourth. It is none of JOLT, but specs of the field use it.</summary>
    public static DocValue IfEquals(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        if (values.Length is not (3 or 4)) return default;
        if (new DocEquality(run).Equals(values[0], values[1])) return values[2];
        return values.Length == 4 ? values[3] : default;
    }

    public static DocValue IsNull(ReadOnlySpan<DocValue> values, JoltRun run) => !values.IsEmpty && values[0].IsNullOrMissing ? DocValue.Null : default;
}
