namespace Harmony.Core.Faults;

/// <summary>What went wrong; each adapter has one table from kind to wire status (<c>docs/errors.md</c>).</summary>
public enum FaultKind
{
    /// <summary>What the client sent cannot be understood where it must be.</summary>
    Malformed,

    /// <summary>The body is larger than allowed.</summary>
    TooLarge,

    /// <summary>The body has a charset or a content coding that nothing here can read, where it must be read.</summary>
    UnsupportedContent,

    /// <summary>The client has gone; nobody waits for an answer.</summary>
    ClientGone,

    /// <summary>No connection to the backend could be made.</summary>
    Unreachable,

    /// <summary>The other side did not answer, or stopped moving, within the time allowed.</summary>
    Timeout,

    /// <summary>The backend broke its protocol or the connection.</summary>
    Protocol,

    /// <summary>Nothing is there to handle the request now; trying again later makes sense.</summary>
    Unavailable,

    /// <summary>There is no room to keep what was sent.</summary>
    StorageFull,

    /// <summary>The gateway itself failed.</summary>
    Internal,
}
