using System.Text;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Dicom.Tests.Network.Scp;

public sealed class AcceptorNegotiatorTests
{
    private const int Called = 10, Calling = 26; // where the titles stand in an A-ASSOCIATE-RQ: PS3.8 table 9-11

    /// <summary>Whoever has no title is rejected with the reason that names it, and holds no place of others.</summary>
    [Theory]
    [InlineData(Calling, "                ", "CallingAeTitleNotRecognized")]
    [InlineData(Calling, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "CallingAeTitleNotRecognized")]
    [InlineData(Calling, "M\u00DCLLER          ", "CallingAeTitleNotRecognized")]
    [InlineData(Calling, "A\\B             ", "CallingAeTitleNotRecognized")]
    [InlineData(Called, "                ", "CalledAeTitleNotRecognized")]
    [InlineData(Called, "H\nRMONY         ", "CalledAeTitleNotRecognized")]
    public async Task Title_ThatIsNone_IsRejected(int at, string title, string reason)
    {
        var expected = reason == "CallingAeTitleNotRecognized"
            ? AssociationRejection.CallingAeTitleNotRecognized
            : AssociationRejection.CalledAeTitleNotRecognized;
        await using var server = TestServer.Start(new AcceptorOptions { MaxAssociations = 1 });
        for (var i = 0; i < 3; i++)
        {
            using var peer = await RawPeer.ConnectAsync(server.Port);
            var request = RawPeer.Request();
            Encoding.Latin1.GetBytes(title).AsSpan(0, 16).CopyTo(request.AsSpan(at));
            await peer.SendAsync(request);
            Assert.Equal(expected, Assert.IsType<AssociateRejectPdu>(await peer.ReadAsync()).Rejection);
        }

        await using var association = await server.ConnectAsync();
        await association.EchoAsync(Testing.Guard.Token);
    }
}
