using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using static Harmony.Dicom.Tests.Samples;

namespace Harmony.Dicom.Tests.Coding;

/// <summary>What devices send though the standard forbids it.</summary>
public sealed class LenientReadingTests
{
    private const uint Item = 0xFFFEE000, ItemEnd = 0xFFFEE00D, SequenceEnd = 0xFFFEE0DD, Undefined = 0xFFFFFFFF;
    private static readonly byte[] Name = Element(0x00100010, "PN", "Doe^Jane"u8);
    private static readonly byte[] Id = Element(0x00100020, "LO", "P1"u8);
    private static readonly byte[] Code = Element(0x00080100, "SH", "x "u8);

    public static TheoryData<string, DicomWarningKind?, byte[][], string> Cases() => new()
    {
        { "as it should be", null, [Name, Id], "P1" },
        { "odd length", DicomWarningKind.OddLength, [Element(0x00100010, "PN", "Doe"u8), Id], "P1" },
        { "VR of the future", DicomWarningKind.UnknownVr, [Element(0x00100010, "ZZ", "whatever"u8), Id], "P1" },
        { "VR of question marks, short length", DicomWarningKind.UnknownVr, [[0x10, 0, 0x10, 0, (byte)'?', (byte)'?', 2, 0, 65, 66], Id], "P1" },
        { "an element in implicit VR among the others", DicomWarningKind.MissingVr, [Implicit(0x00100010, 8, "Doe^Jane"u8.ToArray()), Id], "P1" },
        { "wrong order", DicomWarningKind.OutOfOrder, [Id, Name], "P1" },
        { "twice", DicomWarningKind.Duplicate, [Id, Element(0x00100020, "LO", "P2"u8)], "P1" },
        { "zeros at the end", DicomWarningKind.TrailingBytes, [Id, new byte[50]], "P1" },
        { "three bytes at the end", DicomWarningKind.TrailingBytes, [Id, [1, 2, 3]], "P1" },
        { "unknown character set", DicomWarningKind.UnknownCharacterSet, [Element(0x00080005, "CS", "LATIN1"u8), Id], "P1" },
        { "item without its delimiter", DicomWarningKind.MissingDelimiter, [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, Undefined), Code, Implicit(SequenceEnd, 0), Id], "P1" },
        { "sequence without its delimiter", DicomWarningKind.MissingDelimiter, [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, Undefined), Code, Implicit(ItemEnd, 0), Id], "P1" },
        { "sequence without any end", DicomWarningKind.MissingDelimiter, [Id, Element(0x00101002, "SQ", [], Undefined), Implicit(Item, Undefined), Code], "P1" },
        { "delimiter in an item of known length", DicomWarningKind.StrayDelimiter, [Element(0x00081140, "SQ", [.. Implicit(Item, 18), .. Code, .. Implicit(ItemEnd, 0)]), Id], "P1" },
        { "delimiter out of nowhere", DicomWarningKind.StrayDelimiter, [Implicit(SequenceEnd, 0), Id], "P1" },
        { "text of undefined length", DicomWarningKind.UndefinedLength, [Element(0x00081140, "UT", [], Undefined), Implicit(Item, Undefined), Implicit(ItemEnd, 0), Implicit(SequenceEnd, 0), Id], "P1" },
        { "element longer than its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 8), .. Code]), Id], "P1" },
        { "header longer than its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 4), .. Code]), Id], "P1" },
        { "item longer than its sequence", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 100), .. Code]), Id], "P1" },
        { "sequence shorter than the header of its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 4), Id], "P1" },
        { "sequence that ends within its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 16), Id], "P1" },
        { "sequence that goes on after its items", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 60), Id], "P1" },
        { "item longer than it is, and another", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 28), .. Code, .. Implicit(Item, 10), .. Code]), Id], "P1" },
        { "item longer than it is, before a delimiter", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, 20), Code, Implicit(SequenceEnd, 0), Id], "P1" },
        { "item without its delimiter in a sequence of known length", DicomWarningKind.MissingDelimiter, [Element(0x00081140, "SQ", [.. Implicit(Item, Undefined), .. Code]), Id], "P1" },
        { "VR in lower case", DicomWarningKind.NonStandardVr, [[0x10, 0, 0x10, 0, (byte)'p', (byte)'n', 2, 0, 65, 66], Id], "P1" },
        { "VR with one lower case letter, long", DicomWarningKind.NonStandardVr, [Id, [0x10, 0, 0x02, 0x10, (byte)'S', (byte)'q', 0, 0, 0, 0, 0, 0]], "P1" },
        { "VR that is a choice", DicomWarningKind.NonStandardVr, [Id, [0xE0, 0x7F, 0x10, 0, (byte)'o', (byte)'x', 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]], "P1" },
        { "pixel data without their delimiter", DicomWarningKind.MissingDelimiter, [Id, Element(0x7FE00010, "OB", [], Undefined), Implicit(Item, 0), Implicit(Item, 2, 1, 2)], "P1" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_DataThatBreakTheStandard_AreUnderstood(string what, DicomWarningKind? warning, byte[][] parts, string patientId)
    {
        var read = DicomReader.Read(parts.SelectMany(p => p).ToArray(), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal((what, patientId), (what, read.DataSet.GetString(DicomTag.PatientID)));
        Assert.Equal(warning is { } kind ? [kind] : [], read.Warnings.Select(w => w.Kind).Distinct());
    }

    /// <summary>What belongs to an item of a wrong length is in it nevertheless, and nothing else.</summary>
    [Theory]
    [InlineData("item longer than its sequence", 1)]
    [InlineData("sequence that ends within its item", 1)]
    [InlineData("sequence shorter than the header of its item", 1)]
    [InlineData("item longer than it is, and another", 2)]
    public void Read_WrongLengths_LeaveElementsWhereTheyBelong(string what, int items)
    {
        var parts = (byte[][])Cases().Single(c => (string)c[0] == what)[2];
        var dataSet = DicomReader.Read(parts.SelectMany(p => p).ToArray(), TransferSyntax.ExplicitVRLittleEndian).DataSet;
        Assert.Equal([DicomTag.ReferencedImageSequence, DicomTag.PatientID], dataSet.Select(e => e.Tag));
        Assert.Equal(Enumerable.Repeat("x", items), dataSet.GetItems(DicomTag.ReferencedImageSequence).Select(i => i.GetString(DicomTag.CodeValue)));
    }

    /// <summary>For people who look at what is left.</summary>
    [Fact]
    public async Task Read_ToAnError_KeepsWhatWasRead()
    {
        byte[] bytes = [.. Name, .. Element(0x00101002, "SQ", [], Undefined), .. Implicit(Item, Undefined), .. Id, 0x10, 0];
        var options = new DicomReadOptions { KeepsWhatWasRead = true };
        foreach (var read in new[] { DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian, options), await DicomReader.ReadAsync(new MemoryStream(bytes), TransferSyntax.ExplicitVRLittleEndian, options) })
        {
            Assert.Equal("the data end in the middle of an element (at byte 46)", read.Error?.Message);
            Assert.Equal("Doe^Jane", read.DataSet.GetString(DicomTag.PatientName));
            Assert.Equal("P1", read.DataSet.GetItems(new DicomTag(0x00101002))[0].GetString(DicomTag.PatientID));
        }
    }

    /// <summary>A sequence that somebody who did not know its VR passed on: PS3.5 §6.2.2.</summary>
    [Fact]
    public void Read_UnknownOfUndefinedLength_IsASequenceInImplicitVr()
    {
        byte[] bytes = [.. Element(0x00091001, "UN", [], Undefined), .. Implicit(Item, Undefined), .. Implicit(0x00080100, 2, 0x78, 0x20), .. Implicit(ItemEnd, 0), .. Implicit(SequenceEnd, 0), .. Id];
        var read = DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Empty(read.Warnings);
        Assert.Equal("x", read.DataSet.GetItems(new DicomTag(0x00091001))[0].GetString(DicomTag.CodeValue));
        Assert.Equal("P1", read.DataSet.GetString(DicomTag.PatientID));
    }

    [Theory]
    [InlineData(1, "SS", "-1")]
    [InlineData(0, "US", "65535")]
    public void Read_ImplicitVrWithAChoice_FollowsThePixelRepresentation(byte representation, string vr, string value)
    {
        byte[] bytes = [.. Implicit(0x00280103, 2, representation, 0), .. Implicit(0x00280106, 2, 0xFF, 0xFF)];
        var element = Assert.IsType<DicomValue>(DicomReader.Read(bytes, TransferSyntax.ImplicitVRLittleEndian).DataSet[1]);
        Assert.Equal((vr, value), (element.Vr.ToLetters(), element.GetText()));
    }

    [Fact]
    public void Read_Item_InheritsTheCharacterSet()
    {
        byte[] bytes =
        [
            .. Element(0x00080005, "CS", "ISO_IR 100"u8), .. Element(0x00081140, "SQ", [], Undefined),
            .. Implicit(Item, Undefined), .. Element(0x00080104, "LO", [0xE9, 0x20]), .. Implicit(ItemEnd, 0),
            .. Implicit(Item, Undefined), .. Element(0x00080005, "CS", "ISO_IR 192"u8), .. Element(0x00080104, "LO", "é"u8), .. Implicit(ItemEnd, 0), .. Implicit(SequenceEnd, 0),
        ];
        var items = DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian).DataSet.GetItems(new DicomTag(0x00081140));
        Assert.Equal(["é", "é"], items.Select(i => i.GetString(DicomTag.CodeMeaning)));
    }
}
