using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Tests.Network.Dimse;

public sealed class DimseMessageTests
{
    private static readonly DimseRequest[] Requests =
    [
        new CEchoRequest { MessageId = 7 },
        new CStoreRequest { MessageId = 8, SopClassUid = Uid.CTImageStorage, SopInstanceUid = "1.2.3", Priority = DimsePriority.High,
            MoveOriginator = new("MOVER", 65535), HasDataSet = true },
        new CFindRequest { MessageId = 9, SopClassUid = "1.2", Priority = DimsePriority.Low, HasDataSet = true },
        new CGetRequest { MessageId = 10, SopClassUid = "1.2.4", HasDataSet = true },
        new CMoveRequest { MessageId = 11, SopClassUid = "1.2.4", MoveDestination = "DEST", HasDataSet = true },
        new NEventReportRequest { MessageId = 12, SopClassUid = Uid.StorageCommitmentPushModelSOPClass,
            SopInstanceUid = Uid.StorageCommitmentPushModelSOPInstance, EventTypeId = 2, HasDataSet = true },
        new NActionRequest { MessageId = 13, SopClassUid = Uid.StorageCommitmentPushModelSOPClass, SopInstanceUid = Uid.StorageCommitmentPushModelSOPInstance,
            ActionTypeId = 1, HasDataSet = true },
        new NGetRequest { MessageId = 14, SopClassUid = "1.2", SopInstanceUid = "1.3", Attributes = [DicomTag.PatientID, DicomTag.PatientName] },
        new NSetRequest { MessageId = 15, SopClassUid = "1.2", SopInstanceUid = "1.3", HasDataSet = true },
        new NCreateRequest { MessageId = 16, SopClassUid = "1.2", HasDataSet = true },
        new NDeleteRequest { MessageId = 17, SopClassUid = "1.2", SopInstanceUid = "1.3" },
    ];

    public static TheoryData<string> Kinds() => [.. Requests.Select(r => r.GetType().Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Request_AndItsResponse_ComeBack(string kind)
    {
        var request = Requests.Single(r => r.GetType().Name == kind);
        Assert.Equivalent(request, Read(request.ToBytes()), strict: true);

        var failure = new DimseResult(DimseStatus.MissingAttribute, "what is missing") { OffendingElements = [DicomTag.PatientID, DicomTag.StudyInstanceUID] };
        var response = request.Respond(failure);
        Assert.Equal((ushort)request.Field | 0x8000, (ushort)response.Field);
        var read = Assert.IsAssignableFrom<DimseResponse>(Read(response.ToBytes()));
        Assert.Equivalent(response, read, strict: true);
        Assert.Equal((request.MessageId, request.SopClassUid), (read.MessageIdBeingRespondedTo, read.SopClassUid));
        Assert.Equivalent(failure, read.Result, strict: true);
    }

    [Fact]
    public void Retrieval_Counts()
    {
        var response = new CGetResponse { MessageIdBeingRespondedTo = 1, Status = DimseStatus.Pending, SubOperations = new SubOperations(70_000, 2, 3, 4) };
        var read = Assert.IsType<CGetResponse>(Read(response.ToBytes()));
        Assert.Equal(new SubOperations(ushort.MaxValue, 2, 3, 4), read.SubOperations);
        var final = Assert.IsType<CMoveResponse>(Read(new CMoveResponse { SubOperations = new SubOperations(null, 2, 3, 4) }.ToBytes()));
        Assert.Null(final.SubOperations.Remaining);
    }

    /// <summary>PS3.7 §9.3.5.1 by hand: in the order of tags, implicit VR little endian, even lengths, with a group length.</summary>
    [Fact]
    public void Echo_IsAsTheStandardHasIt() => Assert.Equal(
        "00000000040000003800000000000200120000003" + "12E322E3834302E31303030382E312E310000000001020000003000" + "0000100102000000070000000008020000000101",
        Convert.ToHexString(new CEchoRequest { MessageId = 7 }.ToBytes()));

    [Fact]
    public void Comment_IsWhatTheVrAllows()
    {
        var response = new CEchoResponse { ErrorComment = "Müller\\\n" + new string('x', 100) };
        Assert.Equal("M?ller??" + new string('x', 56), Assert.IsType<CEchoResponse>(Read(response.ToBytes())).ErrorComment);
    }

    [Theory]
    [InlineData(0x0000, "success")]
    [InlineData(0xFF00, "pending")]
    [InlineData(0xFF01, "pending")]
    [InlineData(0xFE00, "cancel")]
    [InlineData(0xB000, "warning")]
    [InlineData(0xB007, "warning")]
    [InlineData(0x0001, "warning")]
    [InlineData(0x0107, "warning")]
    [InlineData(0xA700, "failure")]
    [InlineData(0xC123, "failure")]
    [InlineData(0x0122, "failure")]
    [InlineData(0x0211, "failure")]
    public void Status_IsOneOfFive(int code, string kind)
    {
        var status = new DimseStatus((ushort)code);
        var kinds = new[] { ("success", status.IsSuccess), ("pending", status.IsPending), ("cancel", status.IsCancel), ("warning", status.IsWarning),
            ("failure", status.IsFailure) };
        Assert.Equal([kind], kinds.Where(k => k.Item2).Select(k => k.Item1));
        Assert.StartsWith($"{code:X4} ", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_AtEveryByte_IsRefusedOrRead()
    {
        foreach (var request in Requests)
        {
            var bytes = request.ToBytes();
            for (var length = 0; length < bytes.Length; length++)
            {
                // What is left out at the end may be what can be left out.
                var e = Record.Exception(() => Read(bytes[..length]));
                Assert.True(e is null or DicomFormatException, $"{request.Field} {length}: {e}");
            }
        }
    }

    [Fact]
    public void UnknownCommand_IsRefused()
    {
        var bytes = new CEchoRequest().ToBytes();
        bytes[12 + 26 + 8] = 0x77;
        Assert.Contains("0077", Assert.Throws<DicomFormatException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static DimseMessage Read(byte[] bytes) => DimseMessage.Read(CommandSet.Read(bytes));
}
