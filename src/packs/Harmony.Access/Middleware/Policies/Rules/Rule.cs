using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>One rule of a policy, compiled. Safe for concurrent use.</summary>
internal abstract class Rule(RuleContext context)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = context.Name;

    /// <summary>Its kind, as the configuration calls it: <c>ip_allow</c>.</summary>
    public string Type { get; } = context.Type;

    /// <summary>Heavier rules come first.</summary>
    public int Weight { get; } = context.Weight;

    /// <summary>Whether it can vote for a request.</summary>
    public abstract bool CanAllow { get; }

    /// <summary>What it does: <c>denies GET, HEAD</c>.</summary>
    public abstract string Words { get; }

    /// <summary>Judges a request by what the envelope says, which no client can write into the metadata.</summary>
    public abstract RuleVerdict Judge(RequestEnvelope request);
}

/// <summary>What a rule is built from.</summary>
internal sealed class RuleContext
{
    /// <summary>Its name, for logs and answers.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind, as the configuration calls it.</summary>
    public string Type { get; init; } = "";

    /// <summary>Heavier rules come first.</summary>
    public required int Weight { get; init; }

    /// <summary>What the options are, for messages: <c>[rules.office.options]</c>.</summary>
    public required string What { get; init; }

    /// <summary>Whose state it keeps: file, middleware, policy and rule.</summary>
    public required string Owner { get; init; }

    /// <summary>The options as read.</summary>
    public required OptionsTable Options { get; init; }

    /// <summary>Takes what is wrong with them.</summary>
    public required ConfigProblems Problems { get; init; }

    /// <summary>The objects that all modules share.</summary>
    public required BuildEnvironment Environment { get; init; }

    /// <summary>Binds the options; false when the problems got an error.</summary>
    public bool TryBind<T>(out T options)
        where T : ConfigNode
    {
        options = TomlBinder.Bind<T>(Options.Table, What, Problems);
        return !options.IsFaulty;
    }

    /// <summary>Adds an error at a key of the options.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Fail(SourceLocation location, string message)
    {
        Problems.Error(location, message);
        return false;
    }
}

/// <summary>What one rule says of one request.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="RetryAfterMs">Milliseconds until the client may come again; 0 unless a limit is exceeded.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RuleVerdict(RuleVerdictKind Kind, long RetryAfterMs = 0)
{
    /// <summary>For logs.</summary>
    public string Word => Kind switch
    {
        RuleVerdictKind.Allow => "allows",
        RuleVerdictKind.Deny => "denies",
        RuleVerdictKind.Exceeded => "is exceeded",
        _ => "no opinion",
    };
}

/// <summary>The kinds of <see cref="RuleVerdict"/>.</summary>
internal enum RuleVerdictKind
{
    /// <summary>Nothing either way.</summary>
    Neutral,

    /// <summary>A vote for the request.</summary>
    Allow,

    /// <summary>A veto (403).</summary>
    Deny,

    /// <summary>A veto because of too many (429).</summary>
    Exceeded,
}

/// <summary>The options that rules with a condition have beside the condition itself.</summary>
internal abstract record ConditionOptions : ConfigNode
{
    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";

    /// <summary>Whether what matches is allowed.</summary>
    public bool Allows => Mode == "allow";
}

/// <summary>
/// A rule that allows, or denies, what a condition holds for, and has no opinion on the rest. Where a request gives several values, such
/// as two field lines of one name, all of them must fit to allow, and one is enough to deny.
/// </summary>
internal abstract class ConditionRule(RuleContext context, bool allows) : Rule(context)
{
    private readonly RuleVerdict _verdict = new(allows ? RuleVerdictKind.Allow : RuleVerdictKind.Deny);

    /// <inheritdoc/>
    public sealed override bool CanAllow => Allows;

    /// <inheritdoc/>
    public sealed override string Words => $"{(Allows ? "allows" : "denies")} {Condition}";

    /// <summary>Whether it allows, instead of denying.</summary>
    protected bool Allows { get; } = allows;

    /// <summary>The condition, in words that follow <c>allows</c>.</summary>
    protected abstract string Condition { get; }

    /// <inheritdoc/>
    public sealed override RuleVerdict Judge(RequestEnvelope request) => Holds(request) ? _verdict : default;

    /// <summary>Whether the condition holds.</summary>
    protected abstract bool Holds(RequestEnvelope request);
}

/// <summary>The options of <c>allow_all</c> and <c>deny_all</c>: none.</summary>
internal sealed record AnythingOptions : ConfigNode;

/// <summary><c>allow_all</c>, <c>deny_all</c>.</summary>
internal sealed class AnythingRule(RuleContext context, bool allows) : ConditionRule(context, allows)
{
    protected override string Condition => "everything";

    public static Rule? Create(RuleContext context, bool allows) => context.TryBind<AnythingOptions>(out _) ? new AnythingRule(context, allows) : null;

    protected override bool Holds(RequestEnvelope request) => true;
}

/// <summary>Every <c>type</c> that a rule can have. A new one is a line here, a file beside this one, and a name at <see cref="RuleSection.Type"/>.</summary>
internal static class RuleTypes
{
    private static readonly FrozenDictionary<string, RuleType> All = new RuleType[]
    {
        new("allow_all", typeof(AnythingOptions), c => AnythingRule.Create(c, allows: true)),
        new("deny_all", typeof(AnythingOptions), c => AnythingRule.Create(c, allows: false)),
        new("ip_allow", typeof(AddressOptions), c => AddressRule.Create(c, allows: true)),
        new("ip_deny", typeof(AddressOptions), c => AddressRule.Create(c, allows: false)),
        new("rate_limit", typeof(RateLimitOptions), RateLimitRule.Create),
        new("path", typeof(PathOptions), PathRule.Create),
        new("method", typeof(MethodOptions), MethodRule.Create),
        new("content_type", typeof(ContentTypeOptions), ContentTypeRule.Create),
        new("user_agent", typeof(UserAgentOptions), UserAgentRule.Create),
        new("header", typeof(HeaderOptions), HeaderRule.Create),
        new("query_parameter", typeof(QueryParameterOptions), QueryParameterRule.Create),
        new("metadata", typeof(MetadataOptions), MetadataRule.Create),
        new("geo", typeof(GeoOptions), GeoRule.Create),
        new("time_based", typeof(TimeOptions), TimeRule.Create),
    }.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>Names and options of each.</summary>
    public static IReadOnlyList<RuleType> Types => All.Values;

    /// <summary>Builds a rule; null when the problems got an error.</summary>
    public static Rule? Build(RuleSection section, RuleContext context) => All[section.Type].Create(context);

    /// <summary>One type.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Options">The record that mirrors its options.</param>
    /// <param name="Create">Builds one; null when the problems got an error.</param>
    internal sealed record RuleType(string Name, Type Options, Func<RuleContext, Rule?> Create);
}
