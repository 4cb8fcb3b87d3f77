using Harmony.Dicom.Data;

namespace Harmony.Dicom.Tests.Data;

public sealed class DicomTagTests
{
    [Theory]
    [InlineData("(0010,0010)")]
    [InlineData("0010,0010")]
    [InlineData("00100010")]
    [InlineData("PatientName")]
    public void Parse_EveryWayToWriteATag_IsTheTag(string text) => Assert.Equal(DicomTag.PatientName, DicomTag.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0010001")]
    [InlineData("0010001G")]
    [InlineData("(0010;0010)")]
    [InlineData("patientname")]
    [InlineData("+0100010")]
    public void TryParse_SomethingElse_IsRefused(string text) => Assert.False(DicomTag.TryParse(text, out _));

    [Fact]
    public void Tag_KnowsItsKind()
    {
        Assert.True(new DicomTag(0x0029, 0x0010) is { IsPrivate: true, IsPrivateCreator: true });
        Assert.True(new DicomTag(0x0029, 0x1010) is { IsPrivate: true, IsPrivateCreator: false });
        Assert.True(new DicomTag(0x0008, 0x0000).IsGroupLength);
        Assert.True(DicomTag.PatientName < DicomTag.PixelData);
        Assert.Equal("(7FE0,0010) 7FE00010", $"{DicomTag.PixelData} {DicomTag.PixelData.ToHex()}");
    }
}
