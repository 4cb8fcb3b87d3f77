using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary>A target that does not answer.</summary>
/// <param name="Since">When the first request or check failed.</param>
/// <param name="Reason">What went wrong last, for operators.</param>
internal sealed record TargetOutage(DateTimeOffset Since, string Reason);

/// <summary>Tells operators that a target is down, and that it is back: one line each, however many requests and checks fail between the two.</summary>
/// <param name="logger">Takes the lines.</param>
/// <param name="backend">Whose target it is.</param>
/// <param name="target">Its name.</param>
/// <param name="isOnly">Whether the backend has no other.</param>
internal sealed class TargetNews(ILogger logger, string backend, string target, bool isOnly)
{
    /// <summary>Requests have failed.</summary>
    public void Ejected(TargetOutage outage, int failures, int seconds)
    {
        if (isOnly) TargetLog.OnlyTargetDown(logger, target, backend, outage.Since, outage.Reason);
        else TargetLog.TargetEjected(logger, target, backend, failures, seconds, outage.Since, outage.Reason);
    }

    /// <summary>Checks have failed.</summary>
    public void FailsChecks(TargetOutage outage, int count)
        => TargetLog.TargetIll(logger, target, backend, count, isOnly ? "is asked all the same, because there is no other" : "gets no requests", outage.Since, outage.Reason);

    /// <summary>It answers again.</summary>
    public void IsBack(TimeSpan outage)
    {
        var words = DurationWords.Of(outage);
        TargetLog.TargetWell(logger, target, backend, words);
    }
}
