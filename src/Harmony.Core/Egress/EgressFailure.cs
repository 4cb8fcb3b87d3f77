namespace Harmony.Core.Egress;

/// <summary>Why a request of the gateway's own got no answer.</summary>
internal enum EgressFailure
{
    /// <summary>The egress policy does not allow the scheme, the host or the address.</summary>
    Denied,

    /// <summary>The name is not known, nobody accepts a connection, TLS failed, or the connection ended before the answer did.</summary>
    Unreachable,

    /// <summary>No complete answer within the time allowed.</summary>
    Timeout,

    /// <summary>The answer is larger than allowed.</summary>
    TooLarge,

    /// <summary>The other side broke HTTP, or answered what is of no use.</summary>
    Protocol,
}
