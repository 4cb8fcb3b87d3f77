using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>metadata</c>.</summary>
internal sealed record MetadataOptions : ConfigNode
{
    /// <summary>Conditions on metadata, such as <c>calling_aet</c> or <c>jwt.sub</c>; all must hold. Case matters.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Metadata { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";
}

/// <summary><c>metadata</c>: by what is known of a request besides its fields: AE titles, the operation, claims of who was authenticated. What is not known does not match.</summary>
internal sealed class MetadataRule(RuleContext context, MetadataOptions options, ValueCondition[] conditions) : ConditionRule(context, options.Mode == "allow")
{
    protected override string Condition => $"requests whose metadata {string.Join(" and ", conditions.Select(c => c.Words))}";

    public static Rule? Create(RuleContext context)
        => context.TryBind<MetadataOptions>(out var options) && ValueCondition.Compile(options.Metadata, ignoreCase: false, context) is { } conditions
            ? new MetadataRule(context, options, conditions)
            : null;

    protected override bool Holds(RequestEnvelope request)
    {
        foreach (var condition in conditions)
        {
            if (!request.Metadata.TryGetValue(condition.Name, out var value) || !condition.Fits(value, whenUndecided: !Allows)) return false;
        }

        return true;
    }
}
