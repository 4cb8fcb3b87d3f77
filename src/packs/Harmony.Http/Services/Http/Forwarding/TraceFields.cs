using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// <c>traceparent</c> and <c>tracestate</c> (W3C Trace Context) of a request that is traced: the target's span becomes a child of ours. Those
/// of a request that is not traced are passed on as the client sent them.
/// </summary>
internal static class TraceFields
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public static bool Contains(string name)
        => (name.Length == Parent.Length && name.Equals(Parent, StringComparison.OrdinalIgnoreCase))
        || (name.Length == State.Length && name.Equals(State, StringComparison.OrdinalIgnoreCase));

    public static void AddTo(HeaderFields fields)
    {
        if (HarmonyTrace.Current is not { Id: { } id } span) return;
        fields.Add(Parent, id);
        if (!string.IsNullOrEmpty(span.TraceStateString)) fields.Add(State, span.TraceStateString);
    }
}
