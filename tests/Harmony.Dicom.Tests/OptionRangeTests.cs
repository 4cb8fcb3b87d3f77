using Harmony.Dicom.Coding;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Dicom.Tests;

/// <summary>Options say at once, and by name, when they cannot be what they are set to.</summary>
public sealed class OptionRangeTests
{
    public static TheoryData<string, Action> OutOfRange() => new()
    {
        { "ConnectTimeout", () => _ = new ClientOptions { ConnectTimeout = TimeSpan.Zero } },
        { "Artim", () => _ = new ClientOptions { Artim = TimeSpan.FromSeconds(-5) } },
        { "OperationTimeout", () => _ = new AcceptorOptions { OperationTimeout = TimeSpan.Zero } },
        { "MaxPduLength", () => _ = new ClientOptions { MaxPduLength = 4095 } },
        { "MaxPduLength", () => _ = new AcceptorOptions { MaxPduLength = 2 << 20 } },
        { "MaxSentPduLength", () => _ = new ClientOptions { MaxSentPduLength = 0 } },
        { "MaxAssociations", () => _ = new AcceptorOptions { MaxAssociations = 0 } },
        { "MaxIdentifierLength", () => _ = new AcceptorOptions { MaxIdentifierLength = -1 } },
        { "MaxPerPeer", () => _ = new AssociationPoolOptions { MaxPerPeer = 0 } },
        { "IdleTimeout", () => _ = new AssociationPoolOptions { IdleTimeout = TimeSpan.FromSeconds(-5) } },
        { "BulkThreshold", () => _ = new DicomReadOptions { BulkThreshold = -1 } },
        { "MaxDepth", () => _ = new DicomReadOptions { MaxDepth = 0 } },
        { "MaxTotalLength", () => _ = new DicomReadOptions { MaxTotalLength = 0 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Set_OutOfRange_IsRefusedByName(string option, Action set) => Assert.Equal(option, Assert.Throws<ArgumentOutOfRangeException>(set).ParamName);

    [Fact]
    public void Set_AtTheEnds_IsTaken()
    {
        Assert.Equal(0, new AcceptorOptions { MaxPduLength = 0, IdleTimeout = Timeout.InfiniteTimeSpan }.MaxPduLength);
        Assert.Equal(TimeSpan.Zero, new AssociationPoolOptions { IdleTimeout = TimeSpan.Zero, MaxPerPeer = 1 }.IdleTimeout);
        Assert.Equal(1 << 20, new ClientOptions { MaxPduLength = 1 << 20, Artim = Timeout.InfiniteTimeSpan }.MaxPduLength);
    }
}
