using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Tests;

/// <summary>Data sets made here; nobody in them has lived.</summary>
internal static class Samples
{
    public static readonly TransferSyntax[] Native =
    [
        TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian,
        TransferSyntax.DeflatedExplicitVRLittleEndian,
    ];

    /// <summary>One element of each VR at least, sequences in sequences, private elements, text that is not ASCII.</summary>
    public static DicomDataSet Everything()
    {
        var builder = new DicomDataSetBuilder();
        var inner = builder.CreateItem().Set(DicomTag.CodeMeaning, "lungs — 肺").Build();
        var item = builder.CreateItem().Set(DicomTag.CodeValue, "39607008").Set(DicomTag.AnatomicRegionModifierSequence, [inner, DicomDataSet.Empty]).Build();
        return builder
            .Set(DicomTag.ImageType, "ORIGINAL", "", "PRIMARY")
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
            .Set(DicomTag.SOPInstanceUID, "1.2.3.4")
            .Set(DicomTag.StudyDate, "20260102")
            .Set(DicomTag.StudyTime, "121314.5")
            .Set(DicomTag.AcquisitionDateTime, "20260102121314+0100")
            .Set(DicomTag.AccessionNumber)
            .Set(DicomTag.RetrieveAETitle, "A", "B")
            .Set(DicomTag.RetrieveURL, "http://example.org/?a\\b")
            .Set(DicomTag.LongCodeValue, "unlimited")
            .Set(DicomTag.AnatomicRegionSequence, [item])
            .Set(DicomTag.PatientName, new PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"))
            .Set(DicomTag.PatientID, "P-1")
            .Set(DicomTag.PatientAge, "056Y")
            .Set(DicomTag.AdditionalPatientHistory, " line \\ one\r\nzwei: äöü ")
            .Set(DicomTag.SliceThickness, 1.25, -0.5, 1e-20)
            .Set(DicomTag.InstanceNumber, "7")
            .Set(DicomTag.DiffusionBValue, 0.1, 1e300)
            .Set(DicomTag.SelectorULValue, "4000000000")
            .Set(DicomTag.ReferencePixelX0, "-70000")
            .Set(DicomTag.ReferencedFrameNumber, "1")
            .Set(DicomTag.FrameIncrementPointer, "00181063", "00181065")
            .Set(DicomTag.Rows, 512)
            .Set(DicomTag.TagAngleSecondAxis, -5)
            .Set(DicomTag.LocalizingCursorPosition, 1.5, 2.5)
            .Set(DicomTag.SelectorUVValue, "18446744073709551615")
            .Set(DicomTag.SelectorSVValue, "-9223372036854775808")
            .Set(DicomTag.SelectorUTValue, "text \\ with a backslash")
            .Set(new DicomValue(DicomTag.SelectorOBValue, Vr.OB, new byte[] { 1, 2, 3, 4 }))
            .Set(new DicomValue(DicomTag.SelectorODValue, Vr.OD, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }))
            .Set(new DicomValue(DicomTag.SelectorOFValue, Vr.OF, new byte[] { 1, 2, 3, 4 }))
            .Set(new DicomValue(DicomTag.SelectorOLValue, Vr.OL, new byte[] { 1, 2, 3, 4 }))
            .Set(new DicomValue(DicomTag.SelectorOVValue, Vr.OV, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }))
            .SetAs(new DicomTag(0x0029, 0x0010), Vr.LO, "ACME 1.0")
            .Set(new DicomValue(new DicomTag(0x0029, 0x1001), Vr.UN, new byte[] { 9, 8, 7, 6 }))
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }))
            .Build();
    }

    /// <summary>Compressed pixel data in three fragments, with an offset table for two frames.</summary>
    public static DicomDataSet Encapsulated()
    {
        BulkData Fragment(byte value, int length) => new MemoryBulkData(Enumerable.Repeat(value, length).ToArray());
        return new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
            .Set(DicomTag.SOPInstanceUID, "1.2.3.5")
            .Set(DicomTag.NumberOfFrames, "2")
            .Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [0, 30], [Fragment(1, 10), Fragment(2, 4), Fragment(3, 6)]))
            .Build();
    }

    /// <summary>An element in explicit VR little endian.</summary>
    public static byte[] Element(uint tag, string vr, ReadOnlySpan<byte> value, uint? length = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((ushort)(tag >> 16));
        writer.Write((ushort)tag);
        writer.Write(Encoding.Latin1.GetBytes(vr));
        if (VrExtensions.TryParse(vr, out var known) && !known.HasLongLength()) writer.Write((ushort)(length ?? (uint)value.Length));
        else
        {
            writer.Write((ushort)0);
            writer.Write(length ?? (uint)value.Length);
        }

        writer.Write(value);
        return stream.ToArray();
    }

    /// <summary>An item or a delimiter, or an element in implicit VR little endian.</summary>
    public static byte[] Implicit(uint tag, uint length, params byte[] value)
        => [.. BitConverter.GetBytes((ushort)(tag >> 16)), .. BitConverter.GetBytes((ushort)tag), .. BitConverter.GetBytes(length), .. value];

    /// <summary>File meta information in front of these bytes.</summary>
    public static byte[] Part10(string syntax, params byte[][] dataSet)
    {
        var uid = Encoding.ASCII.GetBytes(syntax.Length % 2 == 0 ? syntax : syntax + '\0');
        var meta = Element(0x00020010, "UI", uid);
        return [.. new byte[128], .. "DICM"u8, .. Element(0x00020000, "UL", BitConverter.GetBytes(meta.Length)), .. meta, .. dataSet.SelectMany(d => d)];
    }
}
