using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.Policies;

/// <summary>
/// What stands where a policy names a rule that nobody defines: it may be the one that keeps people out, so nobody gets in
/// (docs/decisions/0002-fail-closed.md).
/// </summary>
internal sealed class ClosedPolicies(string name, string reason, ILogger logger) : IRequestMiddleware
{
    private readonly Refusal _refusal = new(RefusalKind.Unavailable, reason);

    public IReadOnlyList<string> Words => [$"answers 503: {reason}"];

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        PoliciesLog.Closed(logger, name, reason);
        return new(MiddlewareResult.Refuse(_refusal));
    }
}
