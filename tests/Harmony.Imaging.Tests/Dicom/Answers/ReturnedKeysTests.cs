using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Json;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Tests.Dicom.Answers;

public class ReturnedKeysTests
{
    private static readonly DicomDataSet Match = new DicomDataSetBuilder()
        .Set(DicomTag.PatientName, "Müller^Jürgen").Set(DicomTag.PatientID, "P-1").Set(DicomTag.StudyDescription, "not asked for").Build();

    [Fact]
    public void Of_Match_HasTheKeysThatWereAskedForAndNoOthers()
    {
        var identifier = new DicomDataSetBuilder()
            .Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID, "P*").Set(DicomTag.StudyDate)
                .Set(new DicomSequence(DicomTag.ReferencedStudySequence, [])).Build();
        var answered = new ReturnedKeys(identifier, "HARMONY").Of(Match, null);
        Assert.Equal(
            """{"00080020":{"vr":"DA"},"00080052":{"vr":"CS","Value":["STUDY"]},"00080054":{"vr":"AE","Value":["HARMONY"]},"00081110":{"vr":"SQ"},"00100020":{"vr":"LO","Value":["P-1"]}}""",
            System.Text.Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(answered)));
    }

    [Theory]
    [InlineData("ISO_IR 100", null, "ISO_IR 100")]
    [InlineData("ISO_IR 192", null, "ISO_IR 192")]
    [InlineData("ISO_IR 144", null, "ISO_IR 192")] // Cyrillic has no ü
    [InlineData(null, null, "ISO_IR 192")]
    [InlineData(null, "ISO_IR 100", "ISO_IR 100")] // that of the system that answers, where the request has none, or none that will do
    [InlineData("ISO_IR 144", "ISO_IR 101", "ISO_IR 101")]
    [InlineData("ISO_IR 100", "ISO_IR 192", "ISO_IR 100")]
    [InlineData(null, "ISO_IR 144", "ISO_IR 192")]
    public void Of_TextThatIsNotAscii_IsInTheCharacterSetOfTheRequestIfThatHasIt(string? asked, string? found, string answered)
    {
        var set = asked is null ? SpecificCharacterSet.Default : SpecificCharacterSet.Parse([asked]);
        var builder = new DicomDataSetBuilder(set).Set(DicomTag.PatientName);
        if (asked is not null) builder.Set(DicomTag.SpecificCharacterSet, asked);
        var result = new ReturnedKeys(builder.Build(), null).Of(Match, found is null ? null : SpecificCharacterSet.Parse([found]));
        Assert.Equal((answered, "Müller^Jürgen"), (result.GetString(DicomTag.SpecificCharacterSet), result.GetString(DicomTag.PatientName)));
    }
}
