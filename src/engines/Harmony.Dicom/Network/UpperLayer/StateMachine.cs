using static Harmony.Dicom.Network.UpperLayer.AssociationAction;
using static Harmony.Dicom.Network.UpperLayer.AssociationState;

namespace Harmony.Dicom.Network.UpperLayer;

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
