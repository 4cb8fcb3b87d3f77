using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions that answer their first argument or nothing, to choose between alternatives.</summary>
internal static class PresenceFunctions
{
    public static DocValue Nothing(ReadOnlySpan<DocValue> values, JoltRun run) => default;

    public static DocValue IsPresent(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty ? default : values[0];

    public static DocValue NotNull(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty || values[0].IsNullOrMissing ? default : values[0];

    public static DocValue IsNull(ReadOnlySpan<DocValue> values, JoltRun run) => !values.IsEmpty && values[0].IsNullOrMissing ? DocValue.Null : default;
}
