using Microsoft.Extensions.Logging;

namespace Harmony.Access.Authentication;

/// <summary>What all authentication steps have.</summary>
/// <param name="Name">The middleware's name, for the log.</param>
/// <param name="IsOptional">Whether a request without credentials goes on to the next step.</param>
/// <param name="ForwardsCredentials">Whether backends get to see the credentials.</param>
/// <param name="Scheme">The scheme of its challenge: <c>Basic</c>, <c>Bearer</c>, <c>ApiKey</c>.</param>
/// <param name="Realm">What a client is told to authenticate for.</param>
/// <param name="Logger">Where it logs.</param>
internal sealed record StepSettings(string Name, bool IsOptional, bool ForwardsCredentials, string Scheme, string Realm, ILogger Logger)
{
    /// <summary>The realm where the configuration gives none.</summary>
    public const string DefaultRealm = "harmony";

    /// <summary>The logger of all of them.</summary>
    public const string LogTarget = "harmony.auth";

    /// <summary>The challenge without parameters of its scheme (RFC 9110 §11.6.1).</summary>
    public string Challenge { get; } = $"{Scheme} realm=\"{Realm.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
