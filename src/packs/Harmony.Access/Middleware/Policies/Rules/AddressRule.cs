using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>ip_allow</c> and <c>ip_deny</c>.</summary>
internal sealed record AddressOptions : ConfigNode
{
    /// <summary>Addresses and CIDR ranges, IPv4 and IPv6.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> IpAddresses { get; init; }
}

/// <summary>
/// <c>ip_allow</c>, <c>ip_deny</c>: by the client's address, which a trusted proxy may have told. A client whose address the proxy does not
/// tell is in no allowed range, and may be in a denied one.
/// </summary>
internal sealed class AddressRule(RuleContext context, bool allows, AddressOptions options, AddressRanges ranges) : ConditionRule(context, allows)
{
    protected override string Condition => $"clients of {string.Join(", ", options.IpAddresses)}";

    public static Rule? Create(RuleContext context, bool allows)
    {
        if (!context.TryBind<AddressOptions>(out var options)) return null;
        return AddressRanges.TryCreate(options, context, out var ranges) ? new AddressRule(context, allows, options, ranges) : null;
    }

    protected override bool Holds(RequestEnvelope request) => request.ClientAddress is { } address ? ranges.Contains(address) : !Allows;
}
