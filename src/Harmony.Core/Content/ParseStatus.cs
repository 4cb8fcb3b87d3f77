namespace Harmony.Core.Content;

/// <summary>How reading a body as data went.</summary>
public enum ParseStatus
{
    /// <summary>There was nothing to read.</summary>
    NotAttempted,

    /// <summary>It was read.</summary>
    Success,

    /// <summary>It is not what its content type says, or exceeds a limit.</summary>
    Failed,

    /// <summary>Nothing here reads that content type; the data are null, and the body passes as it is.</summary>
    Unsupported,
}
