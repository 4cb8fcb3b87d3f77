using static Harmony.Dicom.Network.UpperLayer.AssociationAction;
using static Harmony.Dicom.Network.UpperLayer.AssociationState;

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

    /// <summary>A peer has connected.</summary>
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

/// <summary>The actions of PS3.8 tables 9-6 to 9-9, by their names there.</summary>
internal enum AssociationAction
{
    /// <summary>There is no such action: the event cannot happen.</summary>
    None,

    /// <summary>Connect.</summary>
    AE1,

    /// <summary>Send A-ASSOCIATE-RQ.</summary>
    AE2,

    /// <summary>Tell the application that the peer has accepted.</summary>
    AE3,

    /// <summary>Tell the application that the peer has rejected; close.</summary>
    AE4,

    /// <summary>Start ARTIM.</summary>
    AE5,

    /// <summary>Stop ARTIM; tell the application of the request.</summary>
    AE6,

    /// <summary>Send A-ASSOCIATE-AC.</summary>
    AE7,

    /// <summary>Send A-ASSOCIATE-RJ; start ARTIM.</summary>
    AE8,

    /// <summary>Send P-DATA-TF.</summary>
    DT1,

    /// <summary>Give data to the application.</summary>
    DT2,

    /// <summary>Send A-RELEASE-RQ.</summary>
    AR1,

    /// <summary>Tell the application that the peer wants to release.</summary>
    AR2,

    /// <summary>Tell the application that the association is released; close.</summary>
    AR3,

    /// <summary>Send A-RELEASE-RP; start ARTIM.</summary>
    AR4,

    /// <summary>Stop ARTIM.</summary>
    AR5,

    /// <summary>Give data to the application.</summary>
    AR6,

    /// <summary>Send P-DATA-TF.</summary>
    AR7,

    /// <summary>Tell the application that the peer wants to release, too.</summary>
    AR8,

    /// <summary>Send A-RELEASE-RP.</summary>
    AR9,

    /// <summary>Tell the application that the peer has agreed to release.</summary>
    AR10,

    /// <summary>Send A-ABORT of the user; start ARTIM.</summary>
    AA1,

    /// <summary>Stop ARTIM; close.</summary>
    AA2,

    /// <summary>Tell the application that the peer has aborted; close.</summary>
    AA3,

    /// <summary>Tell the application that the connection is lost.</summary>
    AA4,

    /// <summary>Stop ARTIM.</summary>
    AA5,

    /// <summary>Pass it over.</summary>
    AA6,

    /// <summary>Send A-ABORT.</summary>
    AA7,

    /// <summary>Send A-ABORT of the provider; tell the application; start ARTIM.</summary>
    AA8,
}

/// <summary>The state machine of PS3.8 §9.2: what to do when something happens, and in which state that leaves the association.</summary>
/// <param name="isRequestor">Whether this side has asked for the association.</param>
internal sealed class StateMachine(bool isRequestor)
{
    /// <summary>PS3.8 table 9-10: a row for each event, a column for each state.</summary>
    private static readonly AssociationAction[][] Table =
    [
        //                             Sta1  Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
        /* AssociateRequest        */ [AE1,  None, None, None, None, None, None, None, None, None, None, None, None],
        /* TransportConnected      */ [None, None, None, AE2,  None, None, None, None, None, None, None, None, None],
        /* AcceptReceived          */ [None, AA1,  AA8,  None, AE3,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6],
        /* RejectReceived          */ [None, AA1,  AA8,  None, AE4,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6],
        /* TransportIndication     */ [AE5,  None, None, None, None, None, None, None, None, None, None, None, None],
        /* RequestReceived         */ [None, AE6,  AA8,  None, AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7],
        /* AcceptResponse          */ [None, None, AE7,  None, None, None, None, None, None, None, None, None, None],
        /* RejectResponse          */ [None, None, AE8,  None, None, None, None, None, None, None, None, None, None],
        /* DataRequest             */ [None, None, None, None, None, DT1,  None, AR7,  None, None, None, None, None],
        /* DataReceived            */ [None, AA1,  AA8,  None, AA8,  DT2,  AR6,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6],
        /* ReleaseRequest          */ [None, None, None, None, None, AR1,  None, None, None, None, None, None, None],
        /* ReleaseRequestReceived  */ [None, AA1,  AA8,  None, AA8,  AR2,  AR8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6],
        /* ReleaseResponseReceived */ [None, AA1,  AA8,  None, AA8,  AA8,  AR3,  AA8,  AA8,  AR10, AR3,  AA8,  AA6],
        /* ReleaseResponse         */ [None, None, None, None, None, None, None, AR4,  AR9,  None, None, AR4,  None],
        /* AbortRequest            */ [None, None, AA1,  AA2,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  None],
        /* AbortReceived           */ [None, AA2,  AA3,  None, AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA2],
        /* TransportClosed         */ [None, AA5,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AR5],
        /* ArtimExpired            */ [None, AA2,  None, None, None, None, None, None, None, None, None, None, AA2],
        /* InvalidPdu              */ [None, AA1,  AA8,  None, AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7],
    ];

    private readonly Lock _lock = new();
    private AssociationState _state = Sta1;

    /// <summary>The state.</summary>
    public AssociationState State
    {
        get
        {
            lock (_lock) return _state;
        }
    }

    /// <summary>Something has happened.</summary>
    /// <returns>What to do about it; <see cref="AssociationAction.None"/> if it cannot happen in this state, which then remains.</returns>
    public AssociationAction Apply(AssociationEvent what)
    {
        lock (_lock)
        {
            var action = Table[(int)what - 1][(int)_state - 1];
            if (action != None) _state = After(action);
            return action;
        }
    }

    /// <summary>The state that an action leads to: PS3.8 tables 9-6 to 9-9.</summary>
    private AssociationState After(AssociationAction action) => action switch
    {
        AE1 => Sta4,
        AE2 => Sta5,
        AE3 or AE7 or DT1 or DT2 => Sta6,
        AE5 => Sta2,
        AE6 => Sta3,
        AR1 or AR6 => Sta7,
        AR2 or AR7 => Sta8,
        AR8 => isRequestor ? Sta9 : Sta10,
        AR9 => Sta11,
        AR10 => Sta12,
        AE8 or AR4 or AA1 or AA6 or AA7 or AA8 => Sta13,
        AE4 or AR3 or AR5 or AA2 or AA3 or AA4 or AA5 => Sta1,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}
