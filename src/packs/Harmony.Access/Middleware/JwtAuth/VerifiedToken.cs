using Harmony.Core.Envelope;
using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>What is remembered of a token whose signature has been verified.</summary>
/// <param name="Identity">Who it is for.</param>
/// <param name="Source">Where the keys are from.</param>
/// <param name="Keys">The keys it was verified with.</param>
internal sealed record VerifiedToken(Identity Identity, IKeySource Source, KeySet Keys)
{
    /// <summary>Whether those are still the keys of its issuer.</summary>
    public bool IsCurrent => ReferenceEquals(Source.Current, Keys);
}
