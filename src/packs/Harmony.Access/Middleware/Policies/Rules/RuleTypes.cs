using System.Collections.Frozen;
using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.Policies.Rules;

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
