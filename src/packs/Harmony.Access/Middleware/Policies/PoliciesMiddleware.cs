using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.Policies;

/// <summary>The options of a <c>policies</c> middleware.</summary>
public sealed record PoliciesOptions : ConfigNode
{
    /// <summary>
    /// Policies that apply to each request: names or ids of <c>[policies.NAME]</c>, or policies written here as tables. The rules are described in policies.md.
    /// </summary>
    [WrittenAs(typeof(IReadOnlyList<string>), typeof(IReadOnlyList<InlinePolicyOptions>))]
    public required TomlValue Policies { get; init; }
}

/// <summary>A policy written in the options of its middleware.</summary>
public sealed record InlinePolicyOptions : ConfigNode
{
    /// <summary>Identifier, for logs.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the rules of this table apply.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Its rules: tables as those of <c>[rules.NAME]</c>, or names of such.</summary>
    [WrittenAs(typeof(IReadOnlyList<RuleSection>), typeof(IReadOnlyList<string>))]
    public required TomlValue Rules { get; init; }

    /// <summary>Whether one allowing rule is enough (<c>any</c>) or every rule that can allow must (<c>all</c>).</summary>
    [AllowedValues("any", "all")]
    public string Match { get; init; } = "any";
}

/// <summary>
/// Judges a request by every enabled rule of its policies: it passes if a policy allows it and no rule denies it. Heavier rules come first;
/// that decides only which denial is told, since all are evaluated. Rate limits come after all others, and count only what passes.
/// </summary>
internal sealed class PoliciesMiddleware : IRequestMiddleware
{
    private static readonly Refusal Denied = new(RefusalKind.Forbidden, "denied by policy")
    {
        Content = new RefusalContent("text/plain; charset=utf-8", "Access denied by policy"u8.ToArray()),
    };

    private readonly string _name;
    private readonly ILogger _logger;
    private readonly Policy[] _policies;
    private readonly OrderedRule[] _rules; // the limits last
    private readonly RateLimitRule[] _limits;

    public PoliciesMiddleware(string name, IReadOnlyList<Policy> policies, ILogger logger)
    {
        _name = name;
        _logger = logger;
        _policies = [.. policies];
        _rules = [.. policies.SelectMany((p, i) => p.Rules.Select(r => new OrderedRule(r, i, Denied with { Rule = r.Name }))).OrderBy(
            r => r.Rule is RateLimitRule).ThenByDescending(r => r.Rule.Weight)];
        _limits = [.. _rules.Select(r => r.Rule).OfType<RateLimitRule>()];
    }

    public IReadOnlyList<string> Words => PolicyWords.Of(_policies);

    public static IMiddleware? Create(PoliciesOptions options, MiddlewareContext context)
    {
        var builder = new PolicyBuilder(context);
        var policies = builder.Build(options);
        if (policies is null) return null;
        var logger = context.Environment.Loggers.CreateLogger(PoliciesLog.Target);
        return builder.Missing is { } missing ? new ClosedPolicies(context.Name, missing, logger) : new PoliciesMiddleware(context.Name, policies, logger);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        // Both are bounded: PolicyBuilder.MaxRules, MaxPolicies.
        Span<RuleVerdict> verdicts = stackalloc RuleVerdict[_rules.Length];
        Span<int> allows = stackalloc int[_policies.Length];
        var first = _rules.Length - _limits.Length;
        for (var i = 0; i < first; i++)
        {
            verdicts[i] = _rules[i].Rule.Judge(request);
            if (verdicts[i].Kind == RuleVerdictKind.Allow) allows[_rules[i].Policy]++;
        }

        var denial = FirstDenial(verdicts);
        var passes = denial < 0 && AnyAllows(allows);
        if (passes && !TryTake(request, verdicts[first..]))
        {
            denial = FirstDenial(verdicts);
            passes = false;
        }

        if (_logger.IsEnabled(LogLevel.Debug)) Log(verdicts, passes, denial);
        if (passes) return new(MiddlewareResult.Continue);
        return new(MiddlewareResult.Refuse(denial < 0 ? Denied : RefusalBy(_rules[denial], verdicts[denial])));
    }

    /// <summary>Counts the request against every limit, or, when one is exceeded, against none.</summary>
    private bool TryTake(RequestEnvelope request, Span<RuleVerdict> verdicts)
    {
        var isExceeded = false;
        for (var i = 0; i < _limits.Length; i++)
        {
            verdicts[i] = _limits[i].Judge(request);
            isExceeded |= verdicts[i].Kind == RuleVerdictKind.Exceeded;
        }

        for (var i = 0; isExceeded && i < _limits.Length; i++)
        {
            if (verdicts[i].Kind != RuleVerdictKind.Exceeded) _limits[i].GiveBack(request);
        }

        return !isExceeded;
    }

    private static Refusal RefusalBy(OrderedRule denying, RuleVerdict verdict)
        => denying.Rule is RateLimitRule limit ? limit.Refuse(verdict) : denying.Refusal;

    /// <summary>The heaviest rule that denies; of rate limits the one that lasts longest, so that no client comes back in vain. -1 for none.</summary>
    private static int FirstDenial(ReadOnlySpan<RuleVerdict> verdicts)
    {
        var first = -1;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i].Kind is not (RuleVerdictKind.Deny or RuleVerdictKind.Exceeded)) continue;
            if (first < 0) first = i;
            else if (verdicts[first].Kind == RuleVerdictKind.Exceeded && verdicts[i].RetryAfterMs > verdicts[first].RetryAfterMs) first = i;
        }

        return first;
    }

    private bool AnyAllows(ReadOnlySpan<int> allows)
    {
        for (var i = 0; i < _policies.Length; i++)
        {
            if (_policies[i].Allows(allows[i])) return true;
        }

        return false;
    }

    private void Log(ReadOnlySpan<RuleVerdict> verdicts, bool passes, int denial)
    {
        var said = new string[_rules.Length];
        for (var i = 0; i < said.Length; i++) said[i] = $"'{_rules[i].Rule.Name}' ({_rules[i].Rule.Weight}) {verdicts[i].Word}";
        var outcome = passes ? "accepted" : denial < 0 ? "refused, no policy allows" : $"refused by '{_rules[denial].Rule.Name}'";
        var all = string.Join(", ", said);
        PoliciesLog.Judged(_logger, _name, outcome, all);
    }

    private readonly record struct OrderedRule(Rule Rule, int Policy, Refusal Refusal);
}

/// <summary>
/// Log messages of <c>path_filter</c> and <c>policies</c>, ids 2500 to 2549, target <c>harmony.policies</c>. Rules by name, requests not at all.
/// </summary>
internal static partial class PoliciesLog
{
    public const string Target = "harmony.policies";

    [LoggerMessage(EventId = 2501, Level = LogLevel.Debug, Message = "policies '{Middleware}': {Outcome}; rules in order: {Verdicts}")]
    public static partial void Judged(ILogger logger, string middleware, string outcome, string verdicts);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Debug, Message = "path filter '{Middleware}' refused: {Reason} {Pattern}")]
    public static partial void Filtered(ILogger logger, string middleware, string reason, string pattern);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Debug, Message = "policies '{Middleware}' is closed: {Reason}")]
    public static partial void Closed(ILogger logger, string middleware, string reason);
}
