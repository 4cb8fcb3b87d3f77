using System.Runtime.InteropServices;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>What one rule says of one request.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="RetryAfterMs">Milliseconds until the client may come again; 0 unless a limit is exceeded.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Verdict(VerdictKind Kind, long RetryAfterMs = 0)
{
    /// <summary>For logs.</summary>
    public string Word => Kind switch
    {
        VerdictKind.Allow => "allows",
        VerdictKind.Deny => "denies",
        VerdictKind.Exceeded => "is exceeded",
        _ => "does not care",
    };
}
