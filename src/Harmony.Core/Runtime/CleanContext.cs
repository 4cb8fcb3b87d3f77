namespace Harmony.Core.Runtime;

/// <summary>Starts timers and tasks without the execution context of the moment, which would keep a request's log scopes and traces alive.</summary>
internal static class CleanContext
{
    /// <summary>Calls a function whose timers and tasks get no execution context.</summary>
    public static T Run<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed()) return start();
        using var _ = ExecutionContext.SuppressFlow();
        return start();
    }
}
