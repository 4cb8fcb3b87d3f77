using Harmony.Access.Authentication;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.OAuth2Introspection;

/// <summary>What an authorization server has said of tokens, for a while. Carried from one configuration to the next.</summary>
/// <param name="capacity">Most tokens of each kind.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class KnownTokens(int capacity, TimeProvider clock)
{
    /// <summary>Who the good ones are for.</summary>
    public CredentialCache<Identity> Active { get; } = new(capacity, clock);

    /// <summary>Why the others are refused. Beside the good ones, so that tokens somebody makes up do not drive those out.</summary>
    public CredentialCache<string> Inactive { get; } = new(capacity, clock);
}
