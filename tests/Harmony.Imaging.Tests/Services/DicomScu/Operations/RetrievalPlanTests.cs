using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Query;
using Harmony.Imaging.Services.DicomScu.Operations;

namespace Harmony.Imaging.Tests.Services.DicomScu.Operations;

public sealed class RetrievalPlanTests
{
    [Theory]
    [InlineData("Study", """{"StudyInstanceUID":{"Value":["1.2","1.3"]}}""", true)]
    [InlineData("Study", """{"StudyInstanceUID":{"Value":["1.2"]},"PatientName":{}}""", true)]
    [InlineData("Study", """{"StudyInstanceUID":{"Value":["1.2"]},"PatientID":{"Value":["P"]}}""", false)]
    [InlineData("Series", """{"SeriesInstanceUID":{"Value":["1.2"]}}""", false)]
    [InlineData("Series", """{"StudyInstanceUID":{"Value":["1"]},"SeriesInstanceUID":{"Value":["1.2","1.3"]}}""", true)]
    [InlineData("Series", """{"StudyInstanceUID":{"Value":["1","2"]},"SeriesInstanceUID":{"Value":["1.2"]}}""", false)]
    [InlineData("Image", """{"StudyInstanceUID":{"Value":["1"]},"SeriesInstanceUID":{"Value":["1.2"]},"SOPInstanceUID":{"Value":["1.2.3"]}}""", true)]
    [InlineData("Patient", """{"PatientID":{"Value":["P"]}}""", true)]
    [InlineData("Patient", """{"PatientID":{"Value":["P*"]}}""", false)]
    public void Direct_NeedsUniqueKeysAndNothingElse(string level, string identifier, bool isDirect)
        => Assert.Equal(isDirect, RetrievalPlan.Direct(Enum.Parse<QueryLevel>(level), Read(identifier)) is not null);

    [Fact]
    public void Of_GroupsByParent()
    {
        DicomDataSet[] found = [Series("1", "1.1"), Series("2", "2.1"), Series("1", "1.2"), Read("""{"StudyInstanceUID":{"Value":["3"]}}""")];
        var plans = RetrievalPlan.Of(QueryLevel.Series, found);
        Assert.Equal(["1|1.1,1.2", "2|2.1"],
            plans.Select(p => $"{p.Keys.GetString(DicomTag.StudyInstanceUID)}|{string.Join(',', p.Keys.GetStrings(DicomTag.SeriesInstanceUID))}"));
        Assert.Equal("SERIES", plans[0].Identifier.GetString(DicomTag.QueryRetrieveLevel));
        Assert.True(plans[0].Includes(Series("1", "1.2")));
        Assert.False(plans[0].Includes(Series("2", "1.2")));
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "2", false)]
    public void MayOverlap_ComparesStudies(string a, string b, bool may)
        => Assert.Equal(may, RetrievalPlan.Of(QueryLevel.Series, [Series(a, "1.1")])[0].MayOverlap(RetrievalPlan.Of(QueryLevel.Series, [Series(b, "2.1")])[0]));

    private static DicomDataSet Series(string study, string series)
        => new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, study).Set(DicomTag.SeriesInstanceUID, series).Build();

    private static DicomDataSet Read(string json) => DicomJsonReader.Read(Encoding.UTF8.GetBytes(json));
}
