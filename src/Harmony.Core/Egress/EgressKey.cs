using Harmony.Core.Configuration;

namespace Harmony.Core.Egress;

/// <summary>What <c>[proxy.egress]</c> says, compared by value: what was learnt under one policy is not used under another.</summary>
internal sealed record EgressKey
{
    private readonly string _text;

    private EgressKey(string text) => _text = text;

    /// <summary>The key of a section.</summary>
    public static EgressKey Of(EgressPolicySection section) => new(string.Join('\n', [
        .. section.AllowedSchemes, "hosts", .. section.AllowedHosts, "addresses", .. section.AllowedAddresses, "denied", .. section.DeniedAddresses,
    ]));

    public override string ToString() => _text;
}
