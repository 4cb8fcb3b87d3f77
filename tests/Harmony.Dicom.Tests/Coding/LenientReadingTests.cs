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
