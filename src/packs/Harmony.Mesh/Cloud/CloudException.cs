namespace Harmony.Mesh.Cloud;

/// <summary>Why the cloud did not do what it was asked.</summary>
internal enum CloudFailure
{
    /// <summary>It cannot be reached, does not answer in time, or asks to be left alone for a while.</summary>
    Unavailable,

    /// <summary>It does not accept the token.</summary>
    Refused,

    /// <summary>It does not know what was asked for.</summary>
    NotFound,

    /// <summary>It knows, and says no.</summary>
    Rejected,

    /// <summary>What it answers is not what it should be.</summary>
    Malformed,
}

/// <summary>The cloud did not do what it was asked. The message holds no token.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">The same in words.</param>
/// <param name="inner">What lies behind it.</param>
internal sealed class CloudException(CloudFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public CloudFailure Failure { get; } = failure;

    /// <summary>HTTP status of the answer; 0 where there was none.</summary>
    public int Status { get; init; }

    /// <summary>How long the cloud asks to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
