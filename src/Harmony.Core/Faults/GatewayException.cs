namespace Harmony.Core.Faults;

/// <summary>
/// A fault that the happy path cannot handle: who, what, and whether trying again makes sense. Adapters turn it into a wire status,
/// and no other part does.
/// </summary>
public sealed class GatewayException : Exception
{
    /// <summary>Makes a fault.</summary>
    /// <param name="source">Who is to blame.</param>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What failed, which named thing, what was expected. Holds no secret and no patient data.</param>
    /// <param name="cause">The exception behind it.</param>
    /// <param name="retryable">Whether the same request may succeed on another try.</param>
    public GatewayException(FaultSource source, FaultKind kind, string message, Exception? cause = null, bool retryable = false)
        : base(message, cause)
    {
        FaultSource = source;
        Kind = kind;
        Retryable = retryable;
    }

    /// <summary>Who is to blame.</summary>
    public FaultSource FaultSource { get; }

    /// <summary>What went wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>Whether the same request may succeed on another try.</summary>
    public bool Retryable { get; }
}

/// <summary>Who is to blame for a fault.</summary>
public enum FaultSource
{
    /// <summary>The client that sent the request.</summary>
    Client,

    /// <summary>This gateway or its configuration.</summary>
    Gateway,

    /// <summary>The system behind the backend.</summary>
    Backend,
}

/// <summary>What went wrong; each adapter has one table from kind to wire status (<c>docs/errors.md</c>).</summary>
public enum FaultKind
{
    /// <summary>What the client sent cannot be understood where it must be.</summary>
    Malformed,

    /// <summary>The body is larger than allowed.</summary>
    TooLarge,

    /// <summary>The body has a charset or a content coding that nothing here can read, where it must be read.</summary>
    UnsupportedContent,

    /// <summary>The request may not go where it would have to go.</summary>
    Forbidden,

    /// <summary>The client has gone and waits for no response.</summary>
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
