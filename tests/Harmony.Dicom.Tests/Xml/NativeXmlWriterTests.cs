using System.Text;
using System.Xml;
using Harmony.Dicom.Data;
using Harmony.Dicom.Xml;

namespace Harmony.Dicom.Tests.Xml;

public sealed class NativeXmlWriterTests
{
    [Fact]
    public void Write_EveryKindOfElement_IsTheNativeModel()
    {
        var set = new DicomDataSetBuilder()
            .Set(DicomTag.ReferencedImageSequence, [new DicomDataSetBuilder().Set(DicomTag.ReferencedSOPInstanceUID, "1.2").Build()])
            .Set(DicomTag.PatientName, new PersonName("Adams^John^Q^Rev.^B.A.", "山田^太郎"))
            .Set(DicomTag.ImageType, "A", "B")
            .Set(DicomTag.PatientID)
            .Set(DicomTag.PatientComments, "a < b \u0001\r\n\r.")
            .SetAs(new DicomTag(0x0029, 0x0010), Vr.LO, "ACME")
            .Set(new DicomValue(new DicomTag(0x0029, 0x1001), Vr.OB, new byte[] { 1, 2 }))
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[] { 1, 2 }))
            .Build();
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
            NativeXmlWriter.Write(writer, set, e => e.Tag == DicomTag.PixelData ? "bulk/1" : null);
        const string Expected = """
            <NativeDicomModel xml:space="preserve" xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
            <DicomAttribute tag="00080005" vr="CS" keyword="SpecificCharacterSet"><Value number="1">ISO_IR 192</Value></DicomAttribute>
            <DicomAttribute tag="00080008" vr="CS" keyword="ImageType"><Value number="1">A</Value><Value number="2">B</Value></DicomAttribute>
            <DicomAttribute tag="00081140" vr="SQ" keyword="ReferencedImageSequence"><Item number="1"><DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID"><Value number="1">1.2</Value></DicomAttribute></Item></DicomAttribute>
            <DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1"><Alphabetic><FamilyName>Adams</FamilyName><GivenName>John</GivenName><MiddleName>Q</MiddleName><NamePrefix>Rev.</NamePrefix><NameSuffix>B.A.</NameSuffix></Alphabetic><Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName></DicomAttribute>
            <DicomAttribute tag="00100020" vr="LO" keyword="PatientID" />
            <DicomAttribute tag="00104000" vr="LT" keyword="PatientComments"><Value number="1">a &lt; b �&#xD;NEWLINE&#xD;.</Value></DicomAttribute>
            <DicomAttribute tag="00290010" vr="LO"><Value number="1">ACME</Value></DicomAttribute>
            <DicomAttribute tag="00290001" vr="OB" privateCreator="ACME"><InlineBinary>AQI=</InlineBinary></DicomAttribute>
            <DicomAttribute tag="7FE00010" vr="OW" keyword="PixelData"><BulkData uri="bulk/1" /></DicomAttribute>
            </NativeDicomModel>
            """;
        Assert.Equal(Expected.ReplaceLineEndings("").Replace("NEWLINE", Environment.NewLine, StringComparison.Ordinal), text.ToString());
    }
}
