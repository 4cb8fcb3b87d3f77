using System.Text;

namespace Harmony.Benchmarks.Transforms;

/// <summary>A document of a kilobyte, and a spec that makes a FHIR patient of it: shifts with wildcards, then defaults.</summary>
internal static class Patients
{
    public static readonly byte[] Document = Encoding.UTF8.GetBytes("""
        {"PatientID":"P-000471","PatientName":"Doe^Jane^Q","PatientBirthDate":"19700102","PatientSex":"F","StudyInstanceUID":"1.2.826.0.1.3680043.9.7133.1",
        "StudyDate":"20240102","StudyTime":"120000","StudyDescription":"CT of the thorax with contrast medium","AccessionNumber":"A-9876","ReferringPhysicianName":"Roe^Richard",
        "ModalitiesInStudy":["CT","SR"],"NumberOfStudyRelatedSeries":3,"NumberOfStudyRelatedInstances":415,"InstitutionName":"Hospital of the Holy Ghost",
        "Contacts":[{"system":"phone","value":"+49 30 1234567","use":"home"},{"system":"email","value":"jane.doe@example.org","use":"work"}],
        "Address":{"line":["1 Main Street","Rear building"],"city":"Berlin","postalCode":"10115","country":"DE"},
        "Series":[{"SeriesInstanceUID":"1.2.826.0.1.3680043.9.7133.1.1","Modality":"CT","SeriesNumber":1,"Instances":200},
        {"SeriesInstanceUID":"1.2.826.0.1.3680043.9.7133.1.2","Modality":"CT","SeriesNumber":2,"Instances":214},
        {"SeriesInstanceUID":"1.2.826.0.1.3680043.9.7133.1.3","Modality":"SR","SeriesNumber":3,"Instances":1}]}
        """);

    public const string Spec = """
        [{"operation":"shift","spec":{"data":{
            "PatientID":"data.resource.identifier[0].value","PatientName":"data.resource.name[0].family","PatientBirthDate":"data.resource.birthDate",
            "StudyInstanceUID":"data.resource.extension[0].valueString","StudyDate":"data.resource.extension[1].valueDate",
            "Contacts":{"*":{"*":"data.resource.telecom[&1].&"}},"*":"data.resource.&"}}},
         {"operation":"default","spec":{"data":{"resourceType":"Patient","resource":{
            "identifier":[{"system":"http://example.com/patient-id"}],"name":[{"use":"usual"}],
            "extension":[{"url":"http://example.com/study-uid"},{"url":"http://example.com/study-date"}]}}}}]
        """;
}
