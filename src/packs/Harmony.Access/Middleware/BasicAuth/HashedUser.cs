using Harmony.Access.Authentication;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>A user whose password is known by its hash only.</summary>
/// <param name="Hash">The hash.</param>
/// <param name="Identity">Who it is.</param>
internal sealed record HashedUser(PasswordHash Hash, Identity Identity);
