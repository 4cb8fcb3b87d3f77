using System.Text;
using System.Xml;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Xml;

namespace Harmony.Dicom.Tests.Web;

public sealed class NativeXmlReaderTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var item = new DicomDataSetBuilder().Set(DicomTag.CodeValue, "T-1").Build();
        var dataSet = new DicomDataSetBuilder()
            .Set(DicomTag.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTag.PatientName, new PersonName("Yamada^Tarou", "山田^太郎"))
            .Set(DicomTag.OtherPatientNames, "A^B", "C^D")
            .Set(DicomTag.ImageType, "ORIGINAL", "", "AXIAL")
            .Set(DicomTag.Rows, 512)
            .Set(DicomTag.StudyDescription)
            .Set(DicomTag.AnatomicRegionSequence, [item, DicomDataSet.Empty])
            .SetAs(new DicomTag(0x00290010), Vr.LO, "ACME")
            .SetAs(new DicomTag(0x00291001), Vr.LO, "private\r\ntext")
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[] { 1, 2, 3, 4 }))
            .Build();

        var again = NativeXmlReader.Read(Write(dataSet));

        Assert.Equal(Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(dataSet)), Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(again)));
    }

    [Fact]
    public void A_private_element_finds_the_block_of_its_creator_or_gets_one()
    {
        var read = NativeXmlReader.Read(("<NativeDicomModel><DicomAttribute tag='00290001' vr='LO' privateCreator='ACME'><Value "u8
            + "number='1'>x</Value></DicomAttribute></NativeDicomModel>"u8).ToArray());

        Assert.Equal("ACME", read.GetString(new DicomTag(0x00290010)));
        Assert.Equal("x", read.GetString(new DicomTag(0x00291001)));
    }

    [Fact]
    public void Bulk_data_stay_references()
    {
        var read = NativeXmlReader.Read(("<NativeDicomModel xmlns='http://dicom.nema.org/PS3.19/models/NativeDICOM'><DicomAttribute tag='7FE00010' "u8
            + "vr='OW'><BulkData uri='part2'/></DicomAttribute></NativeDicomModel>"u8).ToArray());

        Assert.True(read.TryGet<DicomBulkValue>(DicomTag.PixelData, out var bulk));
        Assert.Equal("part2", Assert.IsType<UriBulkData>(bulk.Data).Uri);
    }

    [Theory]
    [InlineData("<a/>", "root")]
    [InlineData("<NativeDicomModel>", "XML")]
    [InlineData("<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><NativeDicomModel/>", "XML")]
    [InlineData("<NativeDicomModel><DicomAttribute/></NativeDicomModel>", "tag")]
    [InlineData("<NativeDicomModel><DicomAttribute tag='00100010' vr='ZZ'/></NativeDicomModel>", "vr")]
    [InlineData("<NativeDicomModel><DicomAttribute tag='7FE00010' vr='OW'><InlineBinary>!</InlineBinary></DicomAttribute></NativeDicomModel>", "base64")]
    public void What_is_not_in_the_model_is_refused(string xml, string words)
        => Assert.Contains(words, Assert.Throws<DicomFormatException>(() => NativeXmlReader.Read(Encoding.UTF8.GetBytes(xml))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Depth_is_bounded()
    {
        var xml = new StringBuilder("<NativeDicomModel>");
        for (var i = 0; i < 10_000; i++) xml.Append("<DicomAttribute tag='00400275' vr='SQ'><Item number='1'>");
        Assert.Throws<DicomLimitException>(() => NativeXmlReader.Read(Encoding.UTF8.GetBytes(xml.ToString())));
    }

    private static byte[] Write(DicomDataSet dataSet)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream)) NativeXmlWriter.Write(writer, dataSet);
        return stream.ToArray();
    }
}
