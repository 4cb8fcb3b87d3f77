using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.UpperLayer;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network;

/// <summary>A client that sends bytes as a test wants them.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true, LingerState = new LingerOption(enable: true, 0)
    };

    private readonly CancellationToken _limit;

    private RawPeer(CancellationToken limit) => _limit = limit;

    /// <param name="port">Where the server listens.</param>
    /// <param name="limit">Ends waits that a fault would make endless; a token for all where there are very many of them.</param>
    public static async Task<RawPeer> ConnectAsync(int port, CancellationToken? limit = null)
    {
        var peer = new RawPeer(limit ?? Guard.Token);
        await peer._socket.ConnectAsync(IPAddress.Loopback, port, peer._limit);
        return peer;
    }

    /// <summary>Connects and gets an association with contexts 1 (verification), 3 (CT storage), 5 (study root find).</summary>
    public static async Task<RawPeer> AssociateAsync(int port)
    {
        var peer = await ConnectAsync(port);
        await peer.SendAsync(Request());
        Assert.IsType<AssociateAcceptPdu>(await peer.ReadAsync());
        return peer;
    }

    public static byte[] Request(params ContextProposalItem[] more) => PduCodec.Encode(new AssociateRequestPdu
    {
        CalledAeTitle = "HARMONY",
        CallingAeTitle = "RAW",
        PresentationContexts =
        [
            new(1, Uid.VerificationSOPClass, [TransferSyntax.ImplicitVRLittleEndian.Uid]),
            new(3, Uid.CTImageStorage, [TransferSyntax.ImplicitVRLittleEndian.Uid]),
            new(5, Uid.FINDStudyRootQueryRetrieveInformationModel, [TransferSyntax.ImplicitVRLittleEndian.Uid]),
            .. more,
        ],
        UserInformation = new UserInformation { MaxPduLength = 16384 },
    });

    /// <summary>A P-DATA-TF with one fragment.</summary>
    public static byte[] Data(byte context, byte control, byte[] fragment, uint? pduLength = null, uint? fragmentLength = null)
    {
        var bytes = new byte[12 + fragment.Length];
        bytes[0] = 4;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), pduLength ?? (uint)(6 + fragment.Length));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(6), fragmentLength ?? (uint)(2 + fragment.Length));
        (bytes[10], bytes[11]) = (context, control);
        fragment.CopyTo(bytes, 12);
        return bytes;
    }

    /// <summary>A C-STORE-RQ whose data set is to come.</summary>
    public static byte[] Store(string uid = "1.2.3")
        => Data(3, 3, new CStoreRequest { MessageId = 1, SopClassUid = Uid.CTImageStorage, SopInstanceUid = uid, HasDataSet = true }.ToBytes());

    /// <summary>A data set in implicit VR that says which object it is, as the last fragment of a C-STORE.</summary>
    public static byte[] DataSet(string uid = "1.2.3", string sopClass = Uid.CTImageStorage, byte context = 3, byte control = 2)
        => Data(context, control, DicomWriter.ToBytesAsync(new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, sopClass).Set(
            DicomTag.SOPInstanceUID, uid).Build(), TransferSyntax.ImplicitVRLittleEndian).AsTask().GetAwaiter().GetResult());

    public async Task SendAsync(params byte[] bytes) => await _socket.SendAsync(bytes, _limit);

    /// <summary>The next PDU; null when the other side has closed.</summary>
    public async Task<Pdu?> ReadAsync()
    {
        var header = await TakeAsync(PduCodec.HeaderLength);
        if (header is null) return null;
        var body = await TakeAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(2)));
        return header[0] == 4 ? new ReleaseRequestPdu() : PduCodec.Decode((PduType)header[0], body!);
    }

    /// <summary>The command set of the next message, which has to be in one P-DATA-TF.</summary>
    public async Task<DicomDataSet> ReadMessageAsync()
    {
        var header = await TakeAsync(PduCodec.HeaderLength);
        Assert.Equal((byte?)PduType.Data, header?[0]);
        var body = await TakeAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(2)));
        return CommandSet.Read(body.AsMemory(PdvHeader.Length));
    }

    /// <summary>Reads to the end.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            while (await ReadAsync() is not null)
            {
                // On.
            }
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> TakeAsync(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await _socket.ReceiveAsync(bytes.AsMemory(at), _limit);
            if (read == 0) return null;
            at += read;
        }

        return bytes;
    }
}
