namespace Harmony.Core.Credentials;

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
