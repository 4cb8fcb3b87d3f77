using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.Policies;

/// <summary>A policy ready to judge.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="MatchesAll">Whether every rule that can allow must, instead of one.</param>
/// <param name="Rules">Its enabled rules.</param>
internal sealed record Policy(string Name, bool MatchesAll, IReadOnlyList<Rule> Rules)
{
    /// <summary>Rules that can allow; the others can only deny.</summary>
    private readonly int _allowing = Rules.Count(r => r.CanAllow);

    /// <summary>Whether the policy allows a request that so many of its rules allow.</summary>
    public bool Allows(int allows) => MatchesAll ? allows > 0 && allows == _allowing : allows > 0;

    /// <summary>
    /// Rules of different kinds of which one is enough: <c>ip_allow 'office', method 'reads'</c>. Null where all are of one kind, or each must hold.
    /// </summary>
    public string? Alternatives
    {
        get
        {
            var allowing = Rules.Where(r => r.CanAllow).ToList();
            return MatchesAll || allowing.DistinctBy(r => r.Type).Count() < 2 ? null : string.Join(", ", allowing.Select(r => $"{r.Type} '{r.Name}'"));
        }
    }

    /// <summary>Whether any request could be allowed by it.</summary>
    public bool CanAllow => _allowing > 0;
}

/// <summary>
/// Stands for a rule that a policy names and no table defines: it may be the rule that keeps clients out, so the policy admits none
/// (docs/decisions/0002-fail-closed.md).
/// </summary>
internal sealed class ClosedPolicies(string name, string reason, ILogger logger) : IRequestMiddleware
{
    private readonly Refusal _refusal = new(RefusalKind.Unavailable, reason);

    public IReadOnlyList<string> Words => [$"responds with 503: {reason}"];

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        PoliciesLog.Closed(logger, name, reason);
        return new(MiddlewareResult.Refuse(_refusal));
    }
}
