using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
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
        { "item without its delimiter", DicomWarningKind.MissingDelimiter,
            [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, Undefined), Code, Implicit(SequenceEnd, 0), Id], "P1" },
        { "sequence without its delimiter", DicomWarningKind.MissingDelimiter,
            [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, Undefined), Code, Implicit(ItemEnd, 0), Id], "P1" },
        { "sequence without any end", DicomWarningKind.MissingDelimiter,
            [Id, Element(0x00101002, "SQ", [], Undefined), Implicit(Item, Undefined), Code], "P1" },
        { "delimiter in an item of known length", DicomWarningKind.StrayDelimiter,
            [Element(0x00081140, "SQ", [.. Implicit(Item, 18), .. Code, .. Implicit(ItemEnd, 0)]), Id], "P1" },
        { "delimiter out of nowhere", DicomWarningKind.StrayDelimiter, [Implicit(SequenceEnd, 0), Id], "P1" },
        { "text of undefined length", DicomWarningKind.UndefinedLength,
            [Element(0x00081140, "UT", [], Undefined), Implicit(Item, Undefined), Implicit(ItemEnd, 0), Implicit(SequenceEnd, 0), Id], "P1" },
        { "element longer than its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 8), .. Code]), Id], "P1" },
        { "header longer than its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 4), .. Code]), Id], "P1" },
        { "item longer than its sequence", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 100), .. Code]), Id], "P1" },
        { "sequence shorter than the header of its item", DicomWarningKind.WrongLength,
            [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 4), Id], "P1" },
        { "sequence that ends within its item", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 16), Id], "P1" },
        { "sequence that goes on after its items", DicomWarningKind.WrongLength, [Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Code], 60), Id], "P1" },
        { "item longer than it is, and another", DicomWarningKind.WrongLength,
            [Element(0x00081140, "SQ", [.. Implicit(Item, 28), .. Code, .. Implicit(Item, 10), .. Code]), Id], "P1" },
        { "item longer than it is, before a delimiter", DicomWarningKind.WrongLength,
            [Element(0x00081140, "SQ", [], Undefined), Implicit(Item, 20), Code, Implicit(SequenceEnd, 0), Id], "P1" },
        { "item without its delimiter in a sequence of known length", DicomWarningKind.MissingDelimiter,
            [Element(0x00081140, "SQ", [.. Implicit(Item, Undefined), .. Code]), Id], "P1" },
        { "VR in lower case", DicomWarningKind.NonStandardVr, [[0x10, 0, 0x10, 0, (byte)'p', (byte)'n', 2, 0, 65, 66], Id], "P1" },
        { "VR with one lower case letter, long", DicomWarningKind.NonStandardVr, [Id, [0x10, 0, 0x02, 0x10, (byte)'S', (byte)'q', 0, 0, 0, 0, 0, 0]], "P1" },
        { "VR that is a choice", DicomWarningKind.NonStandardVr, [Id, [0xE0, 0x7F, 0x10, 0, (byte)'o', (byte)'x', 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]], "P1" },
        { "item without its sequence", DicomWarningKind.StrayItem, [Implicit(Item, 10), Code, Id], "P1" },
        { "item without its sequence, of undefined length", DicomWarningKind.StrayItem,
            [Implicit(Item, Undefined), Code, Element(0x00100020, "LO", "P2"u8), Implicit(ItemEnd, 0), Id], "P1" },
        { "text in the tag of a sequence", DicomWarningKind.NotASequence, [Element(0x00081140, "SQ", "header anonymizer "u8), Id], "P1" },
        { "text in the tag of a sequence, too short for an item", DicomWarningKind.NotASequence, [Element(0x00081140, "SQ", "YES "u8), Id], "P1" },
        { "explicit VR in UN", DicomWarningKind.ExplicitVrInside,
            [Element(0x00081140, "UN", [], Undefined), Implicit(Item, 10), Code, Implicit(SequenceEnd, 0), Id], "P1" },
        { "explicit VR in UN, items of undefined length", DicomWarningKind.ExplicitVrInside,
            [Element(0x00081140, "UN", [], Undefined), Implicit(Item, Undefined), Code, Implicit(ItemEnd, 0), Implicit(SequenceEnd, 0), Id], "P1" },
        { "explicit VR in UN, private", DicomWarningKind.ExplicitVrInside,
            [Element(0x00091010, "UN", [], Undefined), Implicit(Item, 10), Element(0x00091020, "SH", "x "u8), Implicit(SequenceEnd, 0), Id], "P1" },
        { "pixel data without their delimiter", DicomWarningKind.MissingDelimiter,
            [Id, Element(0x7FE00010, "OB", [], Undefined), Implicit(Item, 0), Implicit(Item, 2, 1, 2)], "P1" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_DataThatBreakTheStandard_AreUnderstood(string what, DicomWarningKind? warning, byte[][] parts, string patientId)
    {
        var read = DicomReader.Read(parts.SelectMany(p => p).ToArray(), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal((what, patientId), (what, read.DataSet.GetString(DicomTag.PatientID)));
        Assert.Equal(warning is { } kind ? [kind] : [], read.Warnings.Select(w => w.Kind).Distinct());
    }

    /// <summary>The same in implicit VR.</summary>
    [Theory]
    [InlineData("YES ")]
    [InlineData("N ")]
    [InlineData("a header anonymizer writes its name here")]
    public void Read_TextInTheTagOfASequenceInImplicitVr_IsKeptAndReadOnBehind(string text)
    {
        byte[] value = Encoding.ASCII.GetBytes(text);
        foreach (var tag in new uint[] { 0x00120064, 0x0040A170 })
        {
            byte[] bytes = [.. Implicit(tag, (uint)value.Length, value), .. Implicit(0x00400253, 2, "1 "u8.ToArray())];
            var read = DicomReader.Read(tag < 0x00400253 ? bytes : bytes[..^10], TransferSyntax.ImplicitVRLittleEndian);
            Assert.Equal(value, Assert.IsType<DicomValue>(read.DataSet[0]).Bytes.ToArray());
            if (tag < 0x00400253) Assert.Equal("1", read.DataSet.GetString(DicomTag.PerformedProcedureStepID));
        }
    }

    /// <summary>A private sequence in explicit VR within a data set of implicit VR, and one in it.</summary>
    [Fact]
    public void Read_ExplicitVrWithinImplicitVr_IsRead()
    {
        byte[] inner = Element(0x00081155, "UI", "1.3\0"u8);
        byte[] sequence = [.. Element(0x00081140, "SQ", [], Undefined), .. Implicit(Item, (uint)inner.Length, inner), .. Implicit(SequenceEnd, 0)];
        byte[] item = [.. Element(0x00081150, "UI", "1.2\0"u8), .. sequence, .. Element(0x00081155, "UI", "1.4\0"u8)];
        byte[] bytes =
        [
            .. Implicit(0x00090010, 4, "ACME"u8.ToArray()), .. Implicit(0x00091020, Undefined), .. Implicit(Item, (uint)item.Length, item),
            .. Implicit(SequenceEnd, 0), .. Implicit(0x00100020, 2, "P1"u8.ToArray()),
        ];
        var read = DicomReader.Read(bytes, TransferSyntax.ImplicitVRLittleEndian);
        Assert.Equal("P1", read.DataSet.GetString(DicomTag.PatientID));
        var outer = Assert.Single(read.DataSet.GetItems(new DicomTag(0x00091020)));
        Assert.Equal(("1.2", "1.4", "1.3"),
            (outer.GetString(DicomTag.ReferencedSOPClassUID), outer.GetString(DicomTag.ReferencedSOPInstanceUID),
                Assert.Single(outer.GetItems(DicomTag.ReferencedImageSequence)).GetString(DicomTag.ReferencedSOPInstanceUID)));
    }

    /// <summary>
    /// PS3.5 §6.2.2: known elements that have lost their VR have that of the standard, in little endian whatever they are in; sequences are implicit.
    /// </summary>
    [Fact]
    public void Read_KnownElementsOfVrUn_HaveTheVrOfTheStandard()
    {
        byte[] sequence = [.. Implicit(Item, 10), .. Implicit(0x00080100, 2, "x "u8.ToArray())];
        byte[] bytes =
        [
            .. Element(0x00080005, "UN", "ISO_IR 192"u8), .. Element(0x00081140, "UN", sequence), .. Element(0x00100010, "UN", "M\u00FCller"u8),
            .. Element(0x00100020, "UN", "P1"u8),
            .. Element(0x00280010, "UN", [2, 1]), .. Element(0x00991001, "UN", "private "u8),
        ];
        var read = DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal([Vr.CS, Vr.SQ, Vr.PN, Vr.LO, Vr.US, Vr.UN], read.DataSet.Select(e => e.Vr));
        Assert.Equal(("M\u00FCller", "P1", 258, "x"),
            (read.DataSet.GetString(DicomTag.PatientName), read.DataSet.GetString(DicomTag.PatientID), read.DataSet.GetInt32(DicomTag.Rows),
                read.DataSet.GetItems(DicomTag.ReferencedImageSequence)[0].GetString(DicomTag.CodeValue)));
        byte[] big = [0, 0x28, 0, 0x10, (byte)'U', (byte)'N', 0, 0, 0, 0, 0, 2, 2, 1];
        Assert.Equal(258, DicomReader.Read(big, TransferSyntax.ExplicitVRBigEndian).DataSet.GetInt32(DicomTag.Rows));
    }

    /// <summary>PS3.5 §7.8 forbids group 0001; devices write it. It is no meta information, which ends at the first group that is not 0002.</summary>
    [Fact]
    public void ReadFile_ThatBeginsWithGroup0001_KeepsIt()
    {
        byte[] nested = [.. Element(0x00010011, "SQ",
            [.. Implicit(Item, Undefined), .. Element(0x00010012, "SQ", [.. Implicit(Item, 10), .. Code]), .. Implicit(ItemEnd, 0)])];
        var file = DicomFile.Read(Part10(TransferSyntax.ExplicitVRLittleEndian.Uid, Element(0x00010010, "LO", "ACME"u8), nested, Id));
        Assert.Equal(("ACME", "P1"), (file.DataSet.GetString(new DicomTag(0x00010010)), file.DataSet.GetString(DicomTag.PatientID)));
        Assert.Equal("x", file.DataSet.GetItems(new DicomTag(0x00010011))[0].GetItems(new DicomTag(0x00010012))[0].GetString(DicomTag.CodeValue));
    }

    /// <summary>In implicit VR nobody could read it, nor what is behind it: it is left out.</summary>
    [Fact]
    public async Task Write_TextInTheTagOfASequence_IsLeftOutOfImplicitVr()
    {
        var read = DicomReader.Read((byte[])[.. Id, .. Element(0x00120064, "LO", "anonymizer"u8), .. Element(0x0020000D, "UI", "1.2\0"u8)],
            TransferSyntax.ExplicitVRLittleEndian).DataSet;
        var again = DicomReader.Read(await DicomWriter.ToBytesAsync(read, TransferSyntax.ImplicitVRLittleEndian), TransferSyntax.ImplicitVRLittleEndian);
        Assert.Empty(again.Warnings);
        Assert.Equal(("1.2", false), (again.DataSet.GetString(DicomTag.StudyInstanceUID), again.DataSet.Contains(new DicomTag(0x00120064))));
        var same = DicomReader.Read(await DicomWriter.ToBytesAsync(read, TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian).DataSet;
        Assert.Equal("anonymizer", same.GetString(new DicomTag(0x00120064)));
    }

    /// <summary>
    /// Each private element asks who has reserved its block. Nobody goes back over all before it: six times as many take six times as long, not thirty-six.
    /// </summary>
    [Fact]
    public void Read_ManyPrivateElementsWithoutCreator_AllocatesAndLooksUpInStep()
    {
        var bytes = Enumerable.Range(0, 60_000).SelectMany(i => Implicit(0x00091000u + (uint)i, 0)).ToArray();
        // Quadratic it took 1.4 to 1.9 s of a quiet machine.
        Pace.AssertWithin(TimeSpan.FromSeconds(1), () => Assert.Equal(60_000, DicomReader.Read(bytes, TransferSyntax.ImplicitVRLittleEndian).DataSet.Count));
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
        foreach (var read in new[] { DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian, options),
            await DicomReader.ReadAsync(new MemoryStream(bytes), TransferSyntax.ExplicitVRLittleEndian, options) })
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
        byte[] bytes = [.. Element(0x00091001, "UN", [], Undefined), .. Implicit(Item, Undefined), .. Implicit(0x00080100, 2, 0x78, 0x20),
            .. Implicit(ItemEnd, 0), .. Implicit(SequenceEnd, 0), .. Id];
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
            .. Implicit(Item, Undefined), .. Element(0x00080005, "CS", "ISO_IR 192"u8), .. Element(0x00080104, "LO", "é"u8), .. Implicit(ItemEnd, 0),
            .. Implicit(SequenceEnd, 0),
        ];
        var items = DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian).DataSet.GetItems(new DicomTag(0x00081140));
        Assert.Equal(["é", "é"], items.Select(i => i.GetString(DicomTag.CodeMeaning)));
    }
}
