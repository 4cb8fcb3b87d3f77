using System.Buffers.Binary;
using System.Text;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Tests.Network.Pdus;

public sealed class PduCodecTests
{
    private const string Verification = "1.2.840.10008.1.1";
    private static readonly string Head = "0001 0000" + Hex("SERVER".PadRight(16)) + Hex("CLIENT".PadRight(16)) + new string('0', 64) + "10000015"
        + Hex("1.2.840.10008.3.1.1.1");

    /// <summary>Bytes as PS3.8 §9.3 has them, written here by hand.</summary>
    public static TheoryData<string, Pdu> Vectors() => new()
    {
        {
            "01 00 000000b4" + Head + "2000002e 01000000" + "30000011" + Hex(Verification) + "40000011" + Hex("1.2.840.10008.1.2")
                + "50000021" + "51000004 00004000" + "52000007" + Hex("1.2.3.4") + "55000002" + Hex("V1") + "53000004 00010001",
            new AssociateRequestPdu
            {
                CalledAeTitle = "SERVER",
                CallingAeTitle = "CLIENT",
                PresentationContexts = [new ContextProposalItem(1, Verification, ["1.2.840.10008.1.2"])],
                UserInformation = new UserInformation
                {
                    MaxPduLength = 16384, ImplementationClassUid = "1.2.3.4", ImplementationVersionName = "V1", AsynchronousOperations = new(1, 1)
                },
            }
        },
        {
            "02 00 00000093" + Head + "21000019 03000000" + "40000011" + Hex("1.2.840.10008.1.2")
                + "50000015" + "51000004 00000000" + "52000001" + Hex("1") + "59000004 0002 4142",
            new AssociateAcceptPdu
            {
                CalledAeTitle = "SERVER",
                CallingAeTitle = "CLIENT",
                PresentationContexts = [new ContextResultItem(3, ContextResult.Accepted, "1.2.840.10008.1.2")],
                UserInformation = new UserInformation
                {
                    ImplementationClassUid = "1", ImplementationVersionName = null, UserIdentityResponse = "AB"u8.ToArray()
                },
            }
        },
        { "03 00 00000004 00 02 03 02", new AssociateRejectPdu(AssociationRejection.LocalLimitExceeded) },
        { "05 00 00000004 00000000", new ReleaseRequestPdu() },
        { "06 00 00000004 00000000", new ReleaseResponsePdu() },
        { "07 00 00000004 00 00 02 06", new AbortPdu(AbortSource.ServiceProvider, AbortReason.InvalidPduParameterValue) },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Pdu_IsReadAndWrittenAsTheStandardHasIt(string hex, Pdu expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(bytes.Length - PduCodec.HeaderLength, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(2)));
        var read = PduCodec.Decode((PduType)bytes[0], bytes.AsSpan(PduCodec.HeaderLength));
        Assert.Equivalent(expected, read, strict: true);
        // The order of items is free; ours is that of their numbers.
        Assert.Equal(bytes.Order(), PduCodec.Encode(expected).Order());
        Assert.Equivalent(expected, PduCodec.Decode((PduType)bytes[0], PduCodec.Encode(read).AsSpan(PduCodec.HeaderLength)), strict: true);
    }

    [Fact]
    public void EverythingThatCanBeNegotiated_ComesBack()
    {
        var pdu = Full();
        var bytes = PduCodec.Encode(pdu);
        Assert.Equivalent(pdu, PduCodec.Decode(PduType.AssociateRequest, bytes.AsSpan(PduCodec.HeaderLength)), strict: true);
        Assert.DoesNotContain("secret", pdu.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_AtEveryByte_IsRefused()
    {
        var body = PduCodec.Encode(Full())[PduCodec.HeaderLength..];
        var whole = 0;
        for (var length = 0; length < body.Length; length++)
        {
            // What ends between two items is a shorter PDU.
            if (Survive(body.AsSpan(0, length))) whole++;
        }

        Assert.InRange(whole, 0, 8);
    }

    [Fact]
    public void Mutated_AtRandom_ThrowsNothingButFormatErrors()
    {
        var body = PduCodec.Encode(Full())[PduCodec.HeaderLength..];
        var seed = 4711u;
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = body.ToArray();
            for (var change = Next(6); change >= 0; change--) mutated[Next(body.Length)] = Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)Next(256) };
            Survive(mutated);
        }

        int Next(int below)
        {
            seed = (seed * 1664525) + 1013904223;
            return (int)((seed >> 8) % (uint)below);
        }
    }

    public static TheoryData<string, string> Liars() => new()
    {
        { "item longer than the PDU", Head + "2000ffff 01000000" },
        { "UID longer than its item", Head + "20000010 01000000 30000040 31" },
        { "even context", Head + "2000002e 02000000 30000011" + Hex(Verification) + "40000011" + Hex("1.2.840.10008.1.2") },
        { "no transfer syntax", Head + "20000019 01000000 30000011" + Hex(Verification) },
        { "path as a UID", Head + "20000022 01000000 3000000c" + Hex("../../passwd") + "4000000a" + Hex("1.2.840.10") },
        { "no application context", Head[..^50] },
        { "129 contexts", Head
            + string.Concat(Enumerable.Range(0, 129).Select(i => "2000002e 01000000 30000011" + Hex(Verification) + "40000011" + Hex("1.2.840.10008.1.2"))) },
        { "9000 items", Head + string.Concat(Enumerable.Repeat("77000000", 9000)) },
        { "UID of 1000 digits", Head + "200003f0 01000000 300003e8" + Hex(new string('1', 1000)) },
        { "maximum length of two bytes", Head + "50000006 51000002 4000" },
        { "user identity longer than its item", Head + "5000000a 58000006 02 00 ffff 4142" },
    };

    [Theory]
    [MemberData(nameof(Liars))]
    public void Lie_IsRefused(string what, string hex)
    {
        var body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var e = Record.Exception(() => PduCodec.Decode(PduType.AssociateRequest, body));
        Assert.True(e is PduException, $"{what}: {e}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("SEVENTEEN_LETTERS")]
    [InlineData("A\\B")]
    [InlineData("A\nB")]
    [InlineData("ÄÖÜ")]
    public void Title_ThatIsNone_IsNotSent(string title) => Assert.Throws<ArgumentException>(() => PduCodec.Encode(Full() with { CalledAeTitle = title }));

    private static AssociateRequestPdu Full() => new()
    {
        CalledAeTitle = "SERVER",
        CallingAeTitle = "CLIENT OF MINE",
        PresentationContexts = [.. Enumerable.Range(
            0, 3).Select(i => new ContextProposalItem((byte)(2 * i + 1), Uid.CTImageStorage, ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"]))],
        UserInformation = new UserInformation
        {
            MaxPduLength = 131072,
            AsynchronousOperations = new(0, 7),
            RoleSelections = [new(Uid.CTImageStorage, false, true), new(Uid.MRImageStorage, true, true)],
            ExtendedNegotiations = [new(Uid.FINDStudyRootQueryRetrieveInformationModel, new byte[] { 1, 0, 1 })],
            CommonExtendedNegotiations = [new(Uid.CTImageStorage, "1.2.840.10008.4.2", ["1.2.3", "1.2.4"])],
            UserIdentity = UserIdentity.Of("ann", "secret", wantsResponse: true),
        },
    };

    private static bool Survive(ReadOnlySpan<byte> body)
    {
        try
        {
            PduCodec.Decode(PduType.AssociateRequest, body);
            return true;
        }
        catch (PduException)
        {
            return false;
        }
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));
}
