using System.Reflection;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Tests.Data.Dictionary;

public sealed class DicomDictionaryTests
{
    [Fact]
    public void EveryTag_HasItsKeyword_AndIsFoundByIt()
    {
        var properties = typeof(DicomTag).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(DicomTag)).ToList();
        Assert.True(properties.Count > 4800, $"{properties.Count} tags");
        foreach (var property in properties)
        {
            var tag = (DicomTag)property.GetValue(null)!;
            Assert.True(DicomDictionary.TryGet(tag, out var entry), property.Name);
            Assert.Equal(property.Name, entry.Keyword);
            Assert.True(DicomDictionary.TryGetTag(property.Name, out var found) && found == tag, property.Name);
        }
    }

    [Theory]
    [InlineData(0x00100010u, "PatientName", Vr.PN, null, "1", false)]
    [InlineData(0x00080008u, "ImageType", Vr.CS, null, "2-n", false)]
    [InlineData(0x00280106u, "SmallestImagePixelValue", Vr.US, Vr.SS, "1", false)]
    [InlineData(0x7FE00010u, "PixelData", Vr.OW, Vr.OB, "1", false)]
    [InlineData(0x00101000u, "OtherPatientIDs", Vr.LO, null, "1-n", true)]
    [InlineData(0x60020010u, "OverlayRows", Vr.US, null, "1", false)]
    [InlineData(0x00000002u, "AffectedSOPClassUID", Vr.UI, null, "1", false)]
    public void TryGet_IsWhatTheStandardSays(uint tag, string keyword, Vr vr, Vr? alternative, string vm, bool retired)
    {
        Assert.True(DicomDictionary.TryGet(new DicomTag(tag), out var entry));
        Assert.Equal(new DictionaryEntry(keyword, vr, alternative, vm, retired), entry);
    }

    [Theory]
    [InlineData(0x60010010u)] // odd groups are private
    [InlineData(0x61000010u)]
    [InlineData(0x00100011u)]
    public void TryGet_UnknownTag_IsRefused(uint tag) => Assert.False(DicomDictionary.TryGet(new DicomTag(tag), out _));

    [Theory]
    [InlineData(0x00290010u, null, Vr.LO)]
    [InlineData(0x00291008u, "SIEMENS CSA HEADER", Vr.CS)]
    [InlineData(0x0029AB08u, "SIEMENS CSA HEADER", Vr.CS)]
    [InlineData(0x00291008u, "NOBODY", Vr.UN)]
    [InlineData(0x00290000u, null, Vr.UL)]
    [InlineData(0x60331010u, "PAPYRUS 3.0", Vr.US)] // repeating groups
    [InlineData(0x70FF1204u, "DLX_ANNOT_01", Vr.ST)]
    [InlineData(0x71011204u, "DLX_ANNOT_01", Vr.UN)]
    [InlineData(0x00251030u, "CMR42 CIRCLECVI", Vr.OB)] // listed with its block
    [InlineData(0x00252030u, "CMR42 CIRCLECVI", Vr.OB)]
    [InlineData(0x00191000u, "PHILIPS MR/PART", Vr.DS)]
    [InlineData(0x00191100u, "PHILIPS MR/PART", Vr.IS)]
    public void VrOf_PrivateTag_IsItsCreators(uint tag, string? creator, Vr vr) => Assert.Equal(vr, DicomDictionary.VrOf(new DicomTag(tag), creator, out _));
}
