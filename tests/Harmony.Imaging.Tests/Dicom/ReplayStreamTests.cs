using System.Security.Cryptography;
using Harmony.Core.Faults;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Tests.Dicom;

public sealed class ReplayStreamTests
{
    /// <summary>Who only looks, and finds the header too long, leaves the whole object to the next.</summary>
    [Fact]
    public async Task MoreThanTheLimit_IsAFault_AndNothingIsMissingAfterwards()
    {
        var sent = RandomNumberGenerator.GetBytes(1000);
        var stream = new ReplayStream(new MemoryStream(sent), limit: 10);

        var e = await Assert.ThrowsAsync<GatewayException>(async () => await stream.ReadExactlyAsync(new byte[20]));

        Assert.Equal(FaultKind.TooLarge, e.Kind);
        stream.Rewind();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(sent, copy.ToArray());
    }
}
