namespace Harmony.Core.Egress;

/// <summary>A request of the gateway's own failed. The message names host and reason, never path, query or credentials: it may be logged.</summary>
/// <param name="failure">What went wrong.</param>
/// <param name="message">In words.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class EgressException(EgressFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public EgressFailure Failure { get; } = failure;
}
