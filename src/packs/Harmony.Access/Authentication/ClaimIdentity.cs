using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Jose;

namespace Harmony.Access.Authentication;

/// <summary>Makes an identity of claims.</summary>
internal static class ClaimIdentity
{
    /// <summary>Every claim under the method's name: <c>sub</c> → <c>jwt.sub</c>. Strings as they are, everything else as JSON.</summary>
    public static Identity Of(string method, string subject, JsonElement claims)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in claims.EnumerateObject())
        {
            var value = StrictJson.TryText(claim.Value, out var text) ? text! : claim.Value.GetRawText();
            named[$"{method}.{claim.Name}"] = value;
        }

        return new Identity(method, subject) { Claims = named };
    }
}
