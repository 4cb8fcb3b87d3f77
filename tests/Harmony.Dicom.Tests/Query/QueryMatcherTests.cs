using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Tests.Query;

public sealed class QueryMatcherTests
{
    private static readonly DicomDataSet Study = new DicomDataSetBuilder()
        .Set(DicomTag.PatientName, "Yamada^Tarou=山田^太郎")
        .Set(DicomTag.PatientID, "PID-1")
        .Set(DicomTag.StudyDate, "20240215")
        .Set(DicomTag.StudyTime, "103015.5")
        .Set(DicomTag.AcquisitionDateTime, "20240215103015-0500")
        .Set(DicomTag.ModalitiesInStudy, "CT", "SR")
        .Set(DicomTag.StudyInstanceUID, "1.2.3")
        .Set(DicomTag.SeriesNumber, "007")
        .Set(DicomTag.ProcedureCodeSequence, [new DicomDataSetBuilder().Set(DicomTag.CodeValue, "A").Set(DicomTag.CodeMeaning, "first").Build()])
        .Build();

    [Theory]
    [InlineData("PatientID", "PID-1", true)]
    [InlineData("PatientID", "pid-1", false)]
    [InlineData("PatientID", "PID", false)]
    [InlineData("PatientID", "P*1", true)]
    [InlineData("PatientID", "P?D-?", true)]
    [InlineData("PatientID", "*", true)]
    [InlineData("PatientID", "*2*", false)]
    [InlineData("PatientID", "PID-1?", false)]
    [InlineData("PatientName", "yamada^*", true)]
    [InlineData("PatientName", "山田*", true)]
    [InlineData("PatientName", "Yamada^Tarou=鈴木*", false)]
    [InlineData("StudyDate", "20240215", true)]
    [InlineData("StudyDate", "20240216", false)]
    [InlineData("StudyDate", "20240101-20240331", true)]
    [InlineData("StudyDate", "-20240214", false)]
    [InlineData("StudyDate", "20240215-", true)]
    [InlineData("StudyDate", "TODAY", false)]
    [InlineData("StudyDate", "????", false)]
    [InlineData("StudyDate", "\"\"", false)]
    [InlineData("StudyDate", "20240101-abc", false)]
    [InlineData("StudyDate", "abc-", false)]
    [InlineData("StudyDate", "20240215x", false)]
    [InlineData("StudyDate", "2024.02.15", true)]
    [InlineData("StudyDate", "2024*", true)]
    [InlineData("StudyTime", "noon", false)]
    [InlineData("StudyTime", "10:30", true)]
    [InlineData("AcquisitionDateTime", "NOW", false)]
    [InlineData("StudyTime", "10", true)]
    [InlineData("StudyTime", "1030-1031", true)]
    [InlineData("StudyTime", "-1029", false)]
    [InlineData("AcquisitionDateTime", "2024-2025", true)]
    [InlineData("AcquisitionDateTime", "202402-0500", true)]
    [InlineData("AcquisitionDateTime", "20240216-0500-", false)]
    [InlineData("ModalitiesInStudy", "SR", true)]
    [InlineData("ModalitiesInStudy", "MR", false)]
    [InlineData("SeriesNumber", "7", true)]
    [InlineData("SeriesNumber", "70", false)]
    [InlineData("AccessionNumber", "1", false)]
    [InlineData("AccessionNumber", "*", true)] // alone it matches what is not there
    [InlineData("AccessionNumber", "**", true)]
    [InlineData("AccessionNumber", "?", false)]
    [InlineData("ReferringPhysicianName", "*", true)]
    [InlineData("SeriesDate", "*", true)]
    [InlineData("RetrieveAETitle", "SOMEBODY", true)] // who answers, and how, is no key
    [InlineData("QueryRetrieveView", "CLASSIC", true)]
    public void Key_MatchesByItsVr(string key, string value, bool matches)
    {
        var query = new DicomDataSetBuilder().SetAs(DicomTag.Parse(key), Harmony.Dicom.Data.Dictionary.DicomDictionary.VrOf(DicomTag.Parse(key)), value)
            .Build();
        Assert.Equal(matches, new QueryMatcher(query).Matches(Study));
    }

    [Fact]
    public void Uids_MatchAsAList()
    {
        Assert.True(new QueryMatcher(new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, "1.2.9", "1.2.3").Build()).Matches(Study));
        Assert.False(new QueryMatcher(new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, "1.2", "1.2.3.4").Build()).Matches(Study));
    }

    [Theory]
    [InlineData("A", true)]
    [InlineData("B", false)]
    [InlineData("", true)]
    public void Sequence_MatchesByItsItem(string code, bool matches)
    {
        var item = new DicomDataSetBuilder().Set(DicomTag.CodeValue, code).Build();
        var matcher = new QueryMatcher(new DicomDataSetBuilder().Set(DicomTag.ProcedureCodeSequence, [item]).Build());
        Assert.Equal(matches, matcher.Matches(Study));
        var found = Assert.Single(matcher.Project(Study).GetItems(DicomTag.ProcedureCodeSequence));
        Assert.Equal([DicomTag.CodeValue], found.Select(e => e.Tag));
    }

    /// <summary>A key whose VR was lost on its way counts nevertheless; without it everything would match.</summary>
    [Theory]
    [InlineData("PID-1", true)]
    [InlineData("PID-2 ", false)]
    public void KeyOfUnknownVr_IsReadAsTheStandardSays(string value, bool matches)
    {
        var matcher =
            new QueryMatcher(new DicomDataSetBuilder().Set(new DicomValue(DicomTag.PatientID, Vr.UN, System.Text.Encoding.ASCII.GetBytes(value))).Build());
        Assert.Equal(matches, matcher.Matches(Study));
        Assert.Equal(Vr.LO, matcher.Project(DicomDataSet.Empty)[0].Vr);
    }

    [Fact]
    public void Project_GivesTheKeysAndNothingElse()
    {
        var query = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientName, "*").Set(DicomTag.AccessionNumber).Build();
        var found = new QueryMatcher(query).Project(Study);
        Assert.Equal([DicomTag.SpecificCharacterSet, DicomTag.AccessionNumber, DicomTag.PatientName], found.Select(e => e.Tag));
        Assert.Equal("太郎", found.GetPersonName(DicomTag.PatientName)!.IdeographicParts.GivenName);
    }

    [Fact]
    public void WildCards_OfAnyNumber_TakeNoTime()
    {
        var query = new DicomDataSetBuilder().Set(DicomTag.PatientID, string.Concat(Enumerable.Repeat("*a", 30))).Build();
        var longest = new DicomDataSetBuilder().Set(DicomTag.PatientID, new string('a', 29) + new string('b', 30)).Build();
        Assert.False(new QueryMatcher(query).Matches(longest));
    }
}
