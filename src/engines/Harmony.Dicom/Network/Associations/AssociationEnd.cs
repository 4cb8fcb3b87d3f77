using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>How an association ended.</summary>
/// <param name="Kind">In a word.</param>
/// <param name="Detail">In words, without values of data sets.</param>
/// <param name="Abort">The A-ABORT that was received or sent, if there was one.</param>
/// <param name="Cause">What was thrown, if anything was.</param>
public sealed record AssociationEnd(AssociationEndKind Kind, string Detail, AbortPdu? Abort = null, Exception? Cause = null)
{
    /// <summary>In words.</summary>
    public override string ToString() => Detail;
}

/// <summary>How an association can end.</summary>
public enum AssociationEndKind
{
    /// <summary>By A-RELEASE: as it should.</summary>
    Released,

    /// <summary>By A-ASSOCIATE-RJ: it never was.</summary>
    Rejected,

    /// <summary>By an A-ABORT of the peer.</summary>
    AbortedByPeer,

    /// <summary>By an A-ABORT of this side's application.</summary>
    Aborted,

    /// <summary>By an A-ABORT of this side, as the peer broke the protocol.</summary>
    ProtocolError,

    /// <summary>The connection was closed or broke.</summary>
    ConnectionLost,

    /// <summary>The peer said or took nothing for too long.</summary>
    TimedOut,
}

/// <summary>The association ended while something was going on: it was aborted, lost, or a time passed.</summary>
/// <param name="end">How it ended.</param>
public sealed class AssociationEndedException(AssociationEnd end) : DicomNetworkException(Explain(end), end?.Cause)
{
    /// <summary>How it ended.</summary>
    public AssociationEnd End { get; } = end;

    /// <inheritdoc/>
    public override bool IsTransient => End.Kind is AssociationEndKind.ConnectionLost or AssociationEndKind.AbortedByPeer;

    private static string Explain(AssociationEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return $"the association has ended: {end}";
    }
}
