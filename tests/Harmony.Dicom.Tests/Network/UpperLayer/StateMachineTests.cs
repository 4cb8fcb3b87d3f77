using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Tests.Network.UpperLayer;

public sealed class StateMachineTests
{
    /// <summary>How a requestor and an acceptor get to each state.</summary>
    private static readonly Dictionary<string, (bool IsRequestor, AssociationEvent[] Events)> Ways = new(StringComparer.Ordinal)
    {
        ["Sta1"] = (true, []),
        ["Sta2"] = (false, [AssociationEvent.TransportIndication]),
        ["Sta3"] = (false, [AssociationEvent.TransportIndication, AssociationEvent.RequestReceived]),
        ["Sta4"] = (true, [AssociationEvent.AssociateRequest]),
        ["Sta5"] = (true, [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected]),
        ["Sta6"] = (true, [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected, AssociationEvent.AcceptReceived]),
        ["Sta7"] =
            (true, [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected, AssociationEvent.AcceptReceived, AssociationEvent.ReleaseRequest]),
        ["Sta8"] = (true,
            [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected, AssociationEvent.AcceptReceived, AssociationEvent.ReleaseRequestReceived]),
        ["Sta9"] = (true, [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected, AssociationEvent.AcceptReceived,
            AssociationEvent.ReleaseRequest, AssociationEvent.ReleaseRequestReceived]),
        ["Sta10"] = (false, [AssociationEvent.TransportIndication, AssociationEvent.RequestReceived, AssociationEvent.AcceptResponse,
            AssociationEvent.ReleaseRequest, AssociationEvent.ReleaseRequestReceived]),
        ["Sta11"] = (true, [AssociationEvent.AssociateRequest, AssociationEvent.TransportConnected, AssociationEvent.AcceptReceived,
            AssociationEvent.ReleaseRequest, AssociationEvent.ReleaseRequestReceived, AssociationEvent.ReleaseResponse]),
        ["Sta12"] = (false, [AssociationEvent.TransportIndication, AssociationEvent.RequestReceived, AssociationEvent.AcceptResponse,
            AssociationEvent.ReleaseRequest, AssociationEvent.ReleaseRequestReceived, AssociationEvent.ReleaseResponseReceived]),
        ["Sta13"] = (false, [AssociationEvent.TransportIndication, AssociationEvent.InvalidPdu]),
    };

    /// <summary>PS3.8 table 9-10, state by state: event number, action, next state.</summary>
    public static TheoryData<string, string> Table() => new()
    {
        { "Sta1", "1 AE1 4, 5 AE5 2" },
        { "Sta2", "3 AA1 13, 4 AA1 13, 6 AE6 3, 10 AA1 13, 12 AA1 13, 13 AA1 13, 16 AA2 1, 17 AA5 1, 18 AA2 1, 19 AA1 13" },
        { "Sta3", "3 AA8 13, 4 AA8 13, 6 AA8 13, 7 AE7 6, 8 AE8 13, 10 AA8 13, 12 AA8 13, 13 AA8 13, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta4", "2 AE2 5, 15 AA2 1, 17 AA4 1" },
        { "Sta5", "3 AE3 6, 4 AE4 1, 6 AA8 13, 10 AA8 13, 12 AA8 13, 13 AA8 13, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta6", "3 AA8 13, 4 AA8 13, 6 AA8 13, 9 DT1 6, 10 DT2 6, 11 AR1 7, 12 AR2 8, 13 AA8 13, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta7", "3 AA8 13, 4 AA8 13, 6 AA8 13, 10 AR6 7, 12 AR8 9, 13 AR3 1, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta8", "3 AA8 13, 4 AA8 13, 6 AA8 13, 9 AR7 8, 10 AA8 13, 12 AA8 13, 13 AA8 13, 14 AR4 13, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta9", "3 AA8 13, 4 AA8 13, 6 AA8 13, 10 AA8 13, 12 AA8 13, 13 AA8 13, 14 AR9 11, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta10", "3 AA8 13, 4 AA8 13, 6 AA8 13, 10 AA8 13, 12 AA8 13, 13 AR10 12, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta11", "3 AA8 13, 4 AA8 13, 6 AA8 13, 10 AA8 13, 12 AA8 13, 13 AR3 1, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta12", "3 AA8 13, 4 AA8 13, 6 AA8 13, 10 AA8 13, 12 AA8 13, 13 AA8 13, 14 AR4 13, 15 AA1 13, 16 AA3 1, 17 AA4 1, 19 AA8 13" },
        { "Sta13", "3 AA6 13, 4 AA6 13, 6 AA7 13, 10 AA6 13, 12 AA6 13, 13 AA6 13, 16 AA2 1, 17 AR5 1, 18 AA2 1, 19 AA7 13" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void EveryEvent_InEveryState_DoesWhatTheTableSays(string state, string row)
    {
        var expected = row.Split(", ").Select(c => c.Split(' ')).ToDictionary(c => int.Parse(c[0]), c => (c[1], int.Parse(c[2])));
        foreach (var what in Enum.GetValues<AssociationEvent>())
        {
            var machine = In(state);
            var before = machine.State;
            Assert.Equal(state, before.ToString());
            var action = machine.Apply(what);
            var (wanted, next) = expected.GetValueOrDefault((int)what, ("None", (int)before));
            Assert.Equal($"{state} {what}: {wanted} {next}", $"{state} {what}: {action} {(int)machine.State}");
        }
    }

    private static StateMachine In(string state)
    {
        var (isRequestor, events) = Ways[state];
        var machine = new StateMachine(isRequestor);
        foreach (var what in events) machine.Apply(what);
        return machine;
    }
}
