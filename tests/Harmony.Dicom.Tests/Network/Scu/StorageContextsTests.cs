using Harmony.Dicom.Network.Scu;

namespace Harmony.Dicom.Tests.Network.Scu;

public sealed class StorageContextsTests
{
    /// <summary>PS3.8 §9.3.2.2: identifiers are odd numbers from 1 to 255, so there are 128.</summary>
    [Fact]
    public void ToReceive_LeavesRoomForTheModels()
    {
        Assert.Equal(126, StorageContexts.ToReceive.Count);
        Assert.Equal(126, StorageContexts.ToReceive.Select(c => (c.AbstractSyntax, c.TransferSyntaxes[0])).Distinct().Count());
        Assert.All(StorageContexts.ToReceive, c => Assert.True(c is { IsScp: true, IsScu: false }));
    }
}
