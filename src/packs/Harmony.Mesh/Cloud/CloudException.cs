namespace Harmony.Mesh.Cloud;

/// <summary>Why the cloud did not do what it was asked.</summary>
internal enum CloudFailure
{
    /// <summary>The cloud cannot be reached, does not respond in time, or sends Retry-After.</summary>
    Unavailable,

    /// <summary>The cloud does not accept the token.</summary>
    Refused,

    /// <summary>The cloud does not have the requested object.</summary>
    NotFound,

    /// <summary>The cloud refuses the request.</summary>
    Rejected,

    /// <summary>The response of the cloud is not valid.</summary>
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
