using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Tests.Query;

public sealed class ObjectIndexTests
{
    /// <summary>Patient A with studies 1 (a CT series of two, an SR series of one) and 2; patient B with study 3.</summary>
    private static ObjectIndex<string> Index()
    {
        var index = new ObjectIndex<string>();
        foreach (var (patient, study, series, instance, modality) in new[]
        {
            ("A", "1", "1.1", "1.1.1", "CT"), ("A", "1", "1.1", "1.1.2", "CT"), ("A", "1", "1.2", "1.2.1", "SR"), ("A", "2", "2.1", "2.1.1", "MR"), ("B", "3", "3.1", "3.1.1", "CT"),
        })
        {
            var header = new DicomDataSetBuilder().Set(DicomTag.PatientID, patient).Set(DicomTag.StudyInstanceUID, study).Set(DicomTag.SeriesInstanceUID, series)
                .Set(DicomTag.SOPInstanceUID, instance).Set(DicomTag.Modality, modality).Build();
            Assert.True(index.Add(header, instance + ".dcm"));
        }

        return index;
    }

    [Fact]
    public void Find_AtEachLevel_AnswersForEachEntityOnce()
    {
        var index = Index();
        Assert.Equal(["A", "B"], Found(index, QueryLevel.Patient, new DicomDataSetBuilder().Set(DicomTag.PatientID), DicomTag.PatientID));
        Assert.Equal(["1", "2"], Found(index, QueryLevel.Study, new DicomDataSetBuilder().Set(DicomTag.PatientID, "A").Set(DicomTag.StudyInstanceUID), DicomTag.StudyInstanceUID));
        Assert.Equal(["1.2"], Found(index, QueryLevel.Series, new DicomDataSetBuilder().Set(DicomTag.Modality, "SR").Set(DicomTag.SeriesInstanceUID), DicomTag.SeriesInstanceUID));
        Assert.Equal(["1.1.1", "1.1.2"], Found(index, QueryLevel.Image, new DicomDataSetBuilder().Set(DicomTag.SeriesInstanceUID, "1.1").Set(DicomTag.SOPInstanceUID), DicomTag.SOPInstanceUID));
    }

    [Fact]
    public void Find_CountsOverAllObjects()
    {
        var keys = new DicomDataSetBuilder().Set(DicomTag.ModalitiesInStudy, "SR").Set(DicomTag.NumberOfStudyRelatedInstances).Set(DicomTag.NumberOfPatientRelatedStudies).Build();
        var found = Assert.Single(Index().Find(QueryLevel.Study, keys));
        Assert.Equal(["CT", "SR"], found.GetStrings(DicomTag.ModalitiesInStudy));
        Assert.Equal((3, 2), (found.GetInt32(DicomTag.NumberOfStudyRelatedInstances), found.GetInt32(DicomTag.NumberOfPatientRelatedStudies)));
        Assert.Equal("STUDY", found.GetString(DicomTag.QueryRetrieveLevel));
    }

    [Fact]
    public void Select_GivesAllObjectsBelow()
    {
        var index = Index();
        Assert.Equal(4, index.Select(QueryLevel.Patient, new DicomDataSetBuilder().Set(DicomTag.PatientID, "A").Build()).Count);
        Assert.Equal(["1.2.1.dcm", "2.1.1.dcm"], index.Select(QueryLevel.Series, new DicomDataSetBuilder().Set(DicomTag.SeriesInstanceUID, "1.2", "2.1").Build()).Select(o => o.Item));
    }

    [Fact]
    public void Add_SameObjectAgain_ReplacesIt()
    {
        var index = Index();
        var header = new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, "1").Set(DicomTag.SOPInstanceUID, "1.1.1").Build();
        Assert.True(index.Add(header, "new.dcm"));
        Assert.Equal(5, index.Count);
        Assert.Equal(["new.dcm"], index.Select(QueryLevel.Image, new DicomDataSetBuilder().Set(DicomTag.SOPInstanceUID, "1.1.1").Build()).Select(o => o.Item));
        Assert.False(index.Add(DicomDataSet.Empty, "nothing"));
    }

    private static IEnumerable<string?> Found(ObjectIndex<string> index, QueryLevel level, DicomDataSetBuilder keys, DicomTag tag)
        => index.Find(level, keys.Build()).Select(d => d.GetString(tag));
}
