using Harmony.Core.Configuration;

namespace Harmony.Gateway.Reloading;

/// <summary>Which configuration runs, and what became of the last attempt to replace it.</summary>
/// <param name="Version">Number of the applied configuration; counts on across restarts where there is a history.</param>
/// <param name="AppliedAt">When it was applied.</param>
/// <param name="LastAttempt">When somebody last tried to load one, at start or later.</param>
/// <param name="LastReason">Why: <c>start</c>, <c>files changed</c>, <c>SIGHUP</c>.</param>
/// <param name="LastSucceeded">Whether that one was applied; false means that an older one still runs.</param>
/// <param name="LastProblems">What was wrong with it, warnings too.</param>
public sealed record ReloadStatus(
    int Version, DateTimeOffset AppliedAt, DateTimeOffset LastAttempt, string LastReason, bool LastSucceeded, IReadOnlyList<ConfigProblem> LastProblems);
