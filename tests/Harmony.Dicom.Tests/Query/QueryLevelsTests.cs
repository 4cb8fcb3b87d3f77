using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Tests.Query;

public sealed class QueryLevelsTests
{
    [Theory]
    [InlineData("", "Study", null)]
    [InlineData("PatientID=P", "Study", "Patient")]
    [InlineData("StudyInstanceUID=1.2", "Study", "Study")]
    [InlineData("StudyInstanceUID=1.2 SeriesInstanceUID", "Series", "Study")]
    [InlineData("StudyInstanceUID=1.2 SeriesInstanceUID=1.3 SOPInstanceUID=1.4", "Image", "Image")]
    public void Level_FollowsFromTheUniqueKeys(string keys, string find, string? retrieve)
    {
        var identifier = new DicomDataSetBuilder();
        foreach (var key in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (key.Split('=') is [var name, var value]) identifier.Set(DicomTag.Parse(name), value);
            else identifier.Set(DicomTag.Parse(key));
        }

        Assert.Equal(find, QueryLevels.Infer(identifier.Build()).ToString());
        Assert.Equal(retrieve, QueryLevels.InferRetrieved(identifier.Build())?.ToString());
    }

    [Theory]
    [InlineData(QueryLevel.Study, "StudyInstanceUID=1.2", true)]
    [InlineData(QueryLevel.Image, "SOPInstanceUID=1.2\\1.3", true)]
    [InlineData(QueryLevel.Study, "StudyInstanceUID=", false)]
    [InlineData(QueryLevel.Study, "PatientID=A", false)]
    [InlineData(QueryLevel.Series, "StudyInstanceUID=1.2", false)]
    [InlineData(QueryLevel.Patient, "PatientID=*", false)]
    [InlineData(QueryLevel.Patient, "PatientID=A?", false)]
    public void NamesEntities_OnlyByValuesOfTheUniqueKey(QueryLevel level, string key, bool names)
    {
        var (name, value) = (key.Split('=')[0], key.Split('=')[1]);
        var identifier = new DicomDataSetBuilder().Set(DicomTag.Parse(name), value.Length == 0 ? [] : value.Split('\\')).Build();
        Assert.Equal(names, level.NamesEntities(identifier));
    }

    [Theory]
    [InlineData("STUDY", true, "Study")]
    [InlineData("image", true, "Image")]
    [InlineData("INSTANCE", true, "Image")]
    [InlineData("FRAME", false, "Study")]
    [InlineData(null, false, "Study")]
    public void Name_IsRead(string? text, bool isOne, string level)
    {
        Assert.Equal(isOne, QueryLevels.TryParse(text, out var found));
        Assert.Equal(level, found.ToString());
    }
}
