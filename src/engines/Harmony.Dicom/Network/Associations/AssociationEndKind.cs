namespace Harmony.Dicom.Network.Associations;

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
