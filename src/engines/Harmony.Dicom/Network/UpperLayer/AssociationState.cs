namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>The states of PS3.8 §9.2.1.</summary>
internal enum AssociationState
{
    /// <summary>Idle.</summary>
    Sta1 = 1,

    /// <summary>Connected; awaiting A-ASSOCIATE-RQ.</summary>
    Sta2,

    /// <summary>Awaiting the local answer to A-ASSOCIATE-RQ.</summary>
    Sta3,

    /// <summary>Awaiting the connection.</summary>
    Sta4,

    /// <summary>Awaiting A-ASSOCIATE-AC or A-ASSOCIATE-RJ.</summary>
    Sta5,

    /// <summary>Established.</summary>
    Sta6,

    /// <summary>Awaiting A-RELEASE-RP.</summary>
    Sta7,

    /// <summary>Awaiting the local answer to A-RELEASE-RQ.</summary>
    Sta8,

    /// <summary>Both have asked for release; the requestor awaits the local answer.</summary>
    Sta9,

    /// <summary>Both have asked for release; the acceptor awaits A-RELEASE-RP.</summary>
    Sta10,

    /// <summary>Both have asked for release; the requestor awaits A-RELEASE-RP.</summary>
    Sta11,

    /// <summary>Both have asked for release; the acceptor awaits the local answer.</summary>
    Sta12,

    /// <summary>Awaiting the end of the connection.</summary>
    Sta13,
}
