namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// Schemes that authenticate the connection rather than each request (RFC 4559 §6; NTLM): whoever sends on such a connection later is taken for the same user.
/// </summary>
internal static class ConnectionAuthentication
{
    /// <summary>Whether a value of <c>Authorization</c> or <c>WWW-Authenticate</c> names such a scheme.</summary>
    public static bool IsIn(string? value)
    {
        if (value is null) return false;
        foreach (var range in value.AsSpan().Split(','))
        {
            var challenge = value.AsSpan(range).Trim();
            var end = challenge.IndexOfAny(' ', '\t');
            var scheme = end < 0 ? challenge : challenge[..end];
            if (scheme.Equals("NTLM", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Negotiate", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
