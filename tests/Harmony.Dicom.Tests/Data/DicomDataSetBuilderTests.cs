using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Dicom.Tests.Data;

public sealed class DicomDataSetBuilderTests
{
    [Fact]
    public void Set_ValuesOfEveryKind_AreReadBack()
    {
        var set = Samples.Everything();
        Assert.Equal("ISO_IR 192", set.GetString(DicomTag.SpecificCharacterSet));
        Assert.Equal(["ORIGINAL", "", "PRIMARY"], set.GetStrings(DicomTag.ImageType));
        Assert.Equal("太郎", set.GetPersonName(DicomTag.PatientName)!.IdeographicParts.GivenName);
        Assert.Equal(" line \\ one\r\nzwei: äöü", set.GetString(DicomTag.AdditionalPatientHistory));
        Assert.Equal(512, set.GetInt32(DicomTag.Rows));
        Assert.Equal(1.25, set.GetDouble(DicomTag.SliceThickness));
        Assert.Equal(["0.1", "1E+300"], set.GetStrings(DicomTag.DiffusionBValue));
        Assert.Equal("-9223372036854775808", set.GetString(DicomTag.SelectorSVValue));
        Assert.Equal(
            "lungs — 肺", set.GetItems(DicomTag.AnatomicRegionSequence)[0].GetItems(DicomTag.AnatomicRegionModifierSequence)[0].GetString(DicomTag.CodeMeaning));
        Assert.False(set.GetItems(DicomTag.AnatomicRegionSequence)[0].Contains(DicomTag.SpecificCharacterSet));
        Assert.Equal("ACME 1.0", set.PrivateCreatorOf(new DicomTag(0x0029, 0x1001)));
        Assert.Equal(new DicomTag(0x0029, 0x1001), set.FindPrivate(0x0029, "ACME 1.0", 1));
        Assert.True(set.TryGet(DicomTag.AccessionNumber, out var empty) && empty.IsEmpty);
        Assert.Equal(set.OrderBy(e => e.Tag), set);
    }

    [Theory]
    [InlineData("PatientID", "12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("PatientID", "a\\b")]
    [InlineData("SOPInstanceUID", "1.2.x")]
    [InlineData("Rows", "65536")]
    [InlineData("Rows", "secret")]
    [InlineData("InstanceNumber", "1.5")]
    [InlineData("SliceThickness", "NaN")]
    [InlineData("Modality", "É")]
    [InlineData("FrameIncrementPointer", "nothing")]
    [InlineData("PatientName", "12345678901234567890123456789012345678901234567890123456789012345=x")]
    public void Set_ValueItsVrDoesNotAllow_IsRefusedWithoutShowingIt(string keyword, string value)
    {
        var e = Assert.Throws<ArgumentException>(() => new DicomDataSetBuilder().Set(DicomTag.Parse(keyword), value));
        Assert.DoesNotContain(value, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_ElementOfAnotherCharacterSet_IsEncodedAnew()
    {
        var latin = new DicomDataSetBuilder(SpecificCharacterSet.Parse(["ISO_IR 100"])).Set(DicomTag.PatientName, "Jérôme").Build();
        var utf8 = new DicomDataSetBuilder().Set(latin[1]).Build();
        Assert.Equal("Jérôme", utf8.GetString(DicomTag.PatientName));
        Assert.Equal(8, ((DicomValue)utf8[1]).Bytes.Length);
        Assert.Equal("ISO_IR 192", utf8.GetString(DicomTag.SpecificCharacterSet));
    }

    /// <summary>A data set has one character set, but its items may have come with their own: if one cannot hold all, it is UTF-8.</summary>
    [Fact]
    public void Set_ElementTheCharacterSetHasNoCodesFor_MakesItUtf8()
    {
        var item = new DicomDataSetBuilder(SpecificCharacterSet.Parse(["", "ISO 2022 IR 87"])).CreateItem().Build();
        var kanji = new DicomValue(DicomTag.CodeMeaning, Vr.LO, "\u001b$B;3ED\u001b(B"u8.ToArray(), SpecificCharacterSet.Parse(["", "ISO 2022 IR 87"]));
        var builder = new DicomDataSetBuilder(SpecificCharacterSet.Parse(["ISO_IR 100"])).Set(DicomTag.SpecificCharacterSet, "ISO_IR 100")
            .Set(DicomTag.PatientName, "Jérôme");
        var set = builder.Set(
            DicomTag.ProcedureCodeSequence, [item, new DicomDataSetBuilder(SpecificCharacterSet.Parse(["ISO_IR 100"])).Set(DicomTag.CodeValue, "é").Build()])
            .Set(DicomTag.ReferencedImageSequence, [new DicomDataSet([kanji], kanji.CharacterSet)]).Set(DicomTag.PatientComments, "山").Build();
        Assert.Equal(("ISO_IR 192", "Jérôme", "山"),
            (set.GetString(DicomTag.SpecificCharacterSet), set.GetString(DicomTag.PatientName), set.GetString(DicomTag.PatientComments)));
        Assert.Equal("é", set.GetItems(DicomTag.ProcedureCodeSequence)[1].GetString(DicomTag.CodeValue));
        Assert.Equal("山田", set.GetItems(DicomTag.ReferencedImageSequence)[0].GetString(DicomTag.CodeMeaning));
        Assert.All(set.GetItems(DicomTag.ProcedureCodeSequence), i => Assert.Same(SpecificCharacterSet.Utf8, i.CharacterSet));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.33333333333333")]
    [InlineData(-1.2345678901234567e-300, "-1.23456789E-300")]
    public void DecimalString_HasSixteenCharactersAtMost(double number, string text)
    {
        var written = ValueEncoder.DecimalString(number);
        Assert.InRange(written.Length, 1, 16);
        Assert.StartsWith(text[..Math.Min(6, text.Length)], written, StringComparison.Ordinal);
    }
}
