using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Tests.Dicom;

public class IdentifierWrapperTests
{
    [Fact]
    public void Write_Identifier_HasEveryAttributeAndHowItIsMatched()
    {
        var identifier = new DicomDataSetBuilder()
            .Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientName, "DOE^*").Set(DicomTag.StudyDate, "20240101-20241231")
                .Set(DicomTag.PatientID, "P-1")
            .Set(DicomTag.StudyInstanceUID).Set(DicomTag.ModalitiesInStudy, "CT", "MR").SetAs(new DicomTag(0x00091001), Vr.LO, "private")
            .Set(new DicomSequence(DicomTag.ReferencedStudySequence, [])).Build();
        var command = IdentifierWrapper.Command(7, Uid.FINDStudyRootQueryRetrieveInformationModel, "MEDIUM");
        const string Expected = """
            {"command":{"message_id":7,"sop_class_uid":"1.2.840.10008.5.1.4.1.2.2.1","priority":"MEDIUM","direction":"REQUEST"},
            "identifier":{"00080020":{"vr":"DA","Value":["20240101-20241231"]},"00080052":{"vr":"CS","Value":["STUDY"]},"00080061":{"vr":"CS","Value":["CT","MR"]},
            "00081110":{"vr":"SQ"},"00091001":{"vr":"LO","Value":["private"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"DOE^*"}]},"00100020":{"vr":"LO","Value":["P-1"]},
            "0020000D":{"vr":"UI"}},
            "query_metadata":{"00080020":{"match_type":"RANGE"},"00080052":{"match_type":"EXACT"},"00080061":{"match_type":"EXACT"},"00081110":{"match_type":"RETURN_KEY"},
            "00091001":{"match_type":"EXACT"},"00100010":{"match_type":"WILDCARD"},"00100020":{"match_type":"EXACT"},"0020000D":{"match_type":"RETURN_KEY"}}}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), IdentifierWrapper.Write(command, identifier).ToJsonString());
    }
}
