using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
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
            ("A", "1", "1.1", "1.1.1", "CT"), ("A", "1", "1.1", "1.1.2", "CT"), ("A", "1", "1.2", "1.2.1", "SR"), ("A", "2", "2.1", "2.1.1", "MR"),
            ("B", "3", "3.1", "3.1.1", "CT"),
        })
        {
            var header = new DicomDataSetBuilder().Set(DicomTag.PatientID, patient).Set(DicomTag.StudyInstanceUID, study)
                .Set(DicomTag.SeriesInstanceUID, series)
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
        Assert.Equal(["1", "2"],
            Found(index, QueryLevel.Study, new DicomDataSetBuilder().Set(DicomTag.PatientID, "A").Set(DicomTag.StudyInstanceUID), DicomTag.StudyInstanceUID));
        Assert.Equal(["1.2"], Found(
            index, QueryLevel.Series, new DicomDataSetBuilder().Set(DicomTag.Modality, "SR").Set(DicomTag.SeriesInstanceUID), DicomTag.SeriesInstanceUID));
        Assert.Equal(["1.1.1", "1.1.2"], Found(
            index, QueryLevel.Image, new DicomDataSetBuilder().Set(DicomTag.SeriesInstanceUID, "1.1").Set(DicomTag.SOPInstanceUID), DicomTag.SOPInstanceUID));
    }

    [Fact]
    public void Find_CountsOverAllObjects()
    {
        var keys = new DicomDataSetBuilder().Set(DicomTag.ModalitiesInStudy, "SR").Set(DicomTag.NumberOfStudyRelatedInstances)
            .Set(DicomTag.NumberOfPatientRelatedStudies).Build();
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
        Assert.Equal(["1.2.1.dcm", "2.1.1.dcm"],
            index.Select(QueryLevel.Series, new DicomDataSetBuilder().Set(DicomTag.SeriesInstanceUID, "1.2", "2.1").Build()).Select(o => o.Item));
    }

    /// <summary>One odd header must not keep the others from being found, nor itself.</summary>
    [Fact]
    public void Find_HeadersThatBreakTheStandard_AreFoundLikeOthers()
    {
        static DicomDataSet Header(string instance, string charset, params (DicomTag Tag, Vr Vr, byte[] Value)[] odd)
        {
            byte[] bytes =
            [
                .. Samples.Element(0x00080005, "CS", Encoding.ASCII.GetBytes(charset)), .. Samples.Element(0x00080018, "UI", Encoding.ASCII.GetBytes(instance)),
                .. odd.SelectMany(o => Samples.Element(o.Tag.Value, o.Vr.ToLetters(), o.Value)), .. Samples.Element(0x00100020, "LO", "Z "u8),
                .. Samples.Element(0x0020000D, "UI", "9 "u8),
            ];
            return DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian).DataSet;
        }

        byte[] own = [.. Samples.Element(0x00080005, "CS", "ISO_IR 192"u8), .. Samples.Element(0x00080104, "LO", "山田"u8)];
        var index = Index();
        index.Add(Header("9.1", "ISO_IR 100", (DicomTag.SOPClassUID, Vr.UI, "no UID"u8.ToArray()), (DicomTag.Modality, Vr.CS, [0x53, 0x43, 0x48, 0xC4])),
            "odd");
        index.Add(Header("9.2", "ISO_IR 100", (DicomTag.Modality, Vr.CS, "A LONG MODALITY OF 30 LETTERS.."u8.ToArray()),
            (DicomTag.ProcedureCodeSequence, Vr.SQ, [.. Samples.Implicit(0xFFFEE000, (uint)own.Length), .. own])), "own");
        index.Add(Header("9.3", "ISO_IR 999", (DicomTag.Modality, Vr.CS, [0xFF, 0xFE]), (DicomTag.PatientName, Vr.PN, [0x1B, 0xFF])), "strange");
        var keys = new DicomDataSetBuilder().Set(DicomTag.ModalitiesInStudy).Set(DicomTag.SOPClassesInStudy).Set(DicomTag.Modality).Set(DicomTag.PatientID)
            .Set(DicomTag.PatientName)
            .Set(DicomTag.ProcedureCodeSequence, [new DicomDataSetBuilder().Set(DicomTag.CodeMeaning).Build()]);
        foreach (var level in Enum.GetValues<QueryLevel>()) Assert.Contains("Z", Found(index, level, keys, DicomTag.PatientID));
        var images = index.Find(QueryLevel.Image, keys.Build()).Where(d => d.GetString(DicomTag.PatientID) == "Z").ToList();
        Assert.Equal("SCHÄ", images[0].GetString(DicomTag.Modality));
        Assert.Contains("SCHÄ", images[0].GetStrings(DicomTag.ModalitiesInStudy));
        Assert.Equal("山田", images[1].GetItems(DicomTag.ProcedureCodeSequence)[0].GetString(DicomTag.CodeMeaning));
        Assert.Equal(3, index.Select(QueryLevel.Patient, new DicomDataSetBuilder().Set(DicomTag.PatientID, "Z").Build()).Count);
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
