namespace Harmony.Core.Faults;

/// <summary>
/// A fault that the happy path cannot handle: who, what, and whether trying again makes sense. Adapters turn it into a wire status,
/// and nobody else does.
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
