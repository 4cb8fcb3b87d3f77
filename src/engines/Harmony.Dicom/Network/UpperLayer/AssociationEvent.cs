namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>The events of PS3.8 table 9-10, from the top.</summary>
internal enum AssociationEvent
{
    /// <summary>The application wants an association.</summary>
    AssociateRequest = 1,

    /// <summary>The connection is there.</summary>
    TransportConnected,

    /// <summary>A-ASSOCIATE-AC has come.</summary>
    AcceptReceived,

    /// <summary>A-ASSOCIATE-RJ has come.</summary>
    RejectReceived,

    /// <summary>Somebody has connected.</summary>
    TransportIndication,

    /// <summary>A-ASSOCIATE-RQ has come.</summary>
    RequestReceived,

    /// <summary>The application accepts.</summary>
    AcceptResponse,

    /// <summary>The application rejects.</summary>
    RejectResponse,

    /// <summary>The application sends data.</summary>
    DataRequest,

    /// <summary>P-DATA-TF has come.</summary>
    DataReceived,

    /// <summary>The application wants to release.</summary>
    ReleaseRequest,

    /// <summary>A-RELEASE-RQ has come.</summary>
    ReleaseRequestReceived,

    /// <summary>A-RELEASE-RP has come.</summary>
    ReleaseResponseReceived,

    /// <summary>The application agrees to release.</summary>
    ReleaseResponse,

    /// <summary>The application aborts.</summary>
    AbortRequest,

    /// <summary>A-ABORT has come.</summary>
    AbortReceived,

    /// <summary>The connection has ended.</summary>
    TransportClosed,

    /// <summary>The ARTIM timer has expired.</summary>
    ArtimExpired,

    /// <summary>Something has come that is no PDU.</summary>
    InvalidPdu,
}
