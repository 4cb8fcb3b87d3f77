using Harmony.Core.Envelope;

namespace Harmony.Core.Credentials;

/// <summary>Reads the field <c>Authorization</c> (RFC 9110 §11.6.2).</summary>
public static class AuthorizationField
{
    /// <summary>Its name.</summary>
    public const string Name = "authorization";

    /// <summary>Looks for credentials of a scheme.</summary>
    /// <param name="headers">The request's fields.</param>
    /// <param name="scheme">The scheme; letter case does not count.</param>
    /// <param name="credentials">What follows it.</param>
    public static AuthorizationFinding Find(HeaderFields headers, string scheme, out ReadOnlyMemory<char> credentials)
    {
        credentials = default;
        string? value = null;
        foreach (ref readonly var field in headers.AsSpan())
        {
            if (field.Name.Length != Name.Length || !field.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)) continue;
            // Two of them: others may believe the one that we do not look at.
            if (value is not null) return AuthorizationFinding.Ambiguous;
            value = field.Value;
        }

        if (value is null || !value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return AuthorizationFinding.Absent;
        if (value.Length > scheme.Length && value[scheme.Length] != ' ') return AuthorizationFinding.Absent;
        credentials = value.AsMemory(scheme.Length).Trim(' ');
        return AuthorizationFinding.Found;
    }
}

/// <summary>What a look at <c>Authorization</c> has found.</summary>
public enum AuthorizationFinding
{
    /// <summary>No credentials of the scheme.</summary>
    Absent,

    /// <summary>Credentials of the scheme, maybe empty ones.</summary>
    Found,

    /// <summary>The field is there more than once.</summary>
    Ambiguous,
}
