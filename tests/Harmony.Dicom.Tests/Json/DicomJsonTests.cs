using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Json;

namespace Harmony.Dicom.Tests.Json;

public sealed class DicomJsonTests
{
    [Fact]
    public async Task Write_ThenRead_IsTheSameDataSet()
    {
        var original = Samples.Everything();
        var read = DicomJsonReader.Read(DicomJsonWriter.ToUtf8(original));
        Assert.Equal(DicomJsonWriter.ToUtf8(original), DicomJsonWriter.ToUtf8(read));
        Assert.Equal(await DicomWriter.ToBytesAsync(original, TransferSyntax.ExplicitVRLittleEndian),
            await DicomWriter.ToBytesAsync(read, TransferSyntax.ExplicitVRLittleEndian));
    }

    [Theory]
    [InlineData("""{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Phonetic":"C"},null]}}""", null)]
    [InlineData("""{"00081150":{"vr":"UI"}}""", null)]
    [InlineData("""{"00081140":{"vr":"SQ","Value":[{"00081150":{"vr":"UI","Value":["1.2"]}},{}]}}""", null)]
    [InlineData("""{"7FE00010":{"vr":"OW","BulkDataURI":"../bulk/1"}}""", null)]
    [InlineData("""{"7FE00010":{"vr":"OW","InlineBinary":"AQIDBA=="}}""", null)]
    [InlineData("""{"00189087":{"vr":"FD","Value":[1.5,"NaN","inf","-inf"]}}""", null)]
    [InlineData("""{"PatientID":{"Value":["x"]}}""", """{"00100020":{"vr":"LO","Value":["x"]}}""")]
    [InlineData("""{"00100010":{"vr":"PN","Value":["A^B=C"]}}""", """{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Ideographic":"C"}]}}""")]
    [InlineData("""{"00200013":{"Value":["+5"," 007 ","-0","x"],"vr":"IS"}}""", """{"00200013":{"vr":"IS","Value":[5,7,-0,"x"]}}""")]
    [InlineData("""{"00180050":{"vr":"DS","Value":["-.5","+2e+3","5.","1.50",0.1234567890123456789]}}""",
        """{"00180050":{"vr":"DS","Value":[-0.5,2e3,5,1.50,0.12345678901235]}}""")]
    [InlineData("""{"00101020":{"vr":"DS","Value":["1.8567819613646523"]}}""", null)]
    [InlineData("""{"00080000":{"vr":"UL","Value":[8]},"00100020":{"vr":"LO","Value":["  "]}}""", """{"00100020":{"vr":"LO"}}""")]
    [InlineData("""{"00200013":{"vr":"IS","Value":[1.0,-2e2,1.5]}}""", """{"00200013":{"vr":"IS","Value":[1,-200,1.5]}}""")]
    [InlineData("""{"00280010":{"vr":"US","Value":[512.0,5.12e2]}}""", """{"00280010":{"vr":"US","Value":[512,512]}}""")]
    [InlineData("""{"00100020":{"vr":"UN","Value":["x"]},"00081140":{"vr":"UN","Value":[{}]}}""",
        """{"00081140":{"vr":"SQ","Value":[{}]},"00100020":{"vr":"LO","Value":["x"]}}""")]
    [InlineData("""{"00180015":{"vr":"CS","Value":["SCHÄDEL"]},"00080020":{"vr":"DA","Value":["2020ä"]}}""",
        """{"00080020":{"vr":"DA","Value":["2020ä"]},"00180015":{"vr":"CS","Value":["SCHÄDEL"]}}""")]
    [InlineData("""{"00720083":{"vr":"UV","Value":[18446744073709551615]}}""", """{"00720083":{"vr":"UV","Value":["18446744073709551615"]}}""")]
    [InlineData("""{"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00100020":{"vr":"LO","Value":["é"]}}""",
        """{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00100020":{"vr":"LO","Value":["é"]}}""")]
    public void Read_ThenWrite_IsTheCanonicalForm(string json, string? canonical)
        => Assert.Equal(canonical ?? json, Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(DicomJsonReader.Read(Encoding.UTF8.GetBytes(json)))));

    [Fact]
    public void Write_BulkDataUri_KnowsWhereTheElementIs()
    {
        var icon = new DicomDataSetBuilder().Set(new DicomValue(DicomTag.PixelData, Vr.OB, new byte[2])).Build();
        var set = new DicomDataSetBuilder().Set(DicomTag.IconImageSequence, [DicomDataSet.Empty, icon]).Set(Samples.Encapsulated()[^1]).Build();
        var json = Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(
            set, new DicomJsonWriterOptions { BulkDataUri = (path, element) => element.Tag == DicomTag.PixelData ? "bulk/" + path : null }));
        Assert.Equal("""{"00880200":{"vr":"SQ","Value":[{},{"7FE00010":{"vr":"OB","BulkDataURI":"bulk/00880200/2/7FE00010"}}]},"7FE00010":{"vr":"OB","BulkDataURI":"bulk/7FE00010"}}""", json);
    }

    [Fact]
    public void Write_ValueThatStayedInItsFile_NeedsAUri()
    {
        var set = new DicomDataSetBuilder().Set(new DicomBulkValue(DicomTag.PixelData, Vr.OW, new FileBulkData("nowhere", 0, 10))).Build();
        Assert.Throws<InvalidOperationException>(() => DicomJsonWriter.ToUtf8(set));
    }

    [Fact]
    public void ReadAll_ArrayOrObject_IsAList()
    {
        Assert.Equal(2, DicomJsonReader.ReadAll("[{},{}]"u8.ToArray()).Count);
        Assert.Single(DicomJsonReader.ReadAll("{}"u8.ToArray()));
        var deep = string.Concat(Enumerable.Repeat("""{"00081140":{"vr":"SQ","Value":[""", 100));
        Assert.ThrowsAny<DicomFormatException>(() => DicomJsonReader.ReadAll(Encoding.UTF8.GetBytes(deep)));
    }
}
