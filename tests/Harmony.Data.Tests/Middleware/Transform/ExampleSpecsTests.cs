using System.Net;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Data.Tests.Middleware.Transform;

/// <summary>
/// Specs of the examples of the public Harmony Proxy do what their comments say. A <c>default</c> with an array fills in a missing array and leaves one that
/// is there alone, as in Java.
/// </summary>
public class ExampleSpecsTests
{
    [SharedFact("conformance/examples/transform")]
    public async Task PatientToFhir_MakesAPatient()
    {
        var spec = Spec("transform", "patient_to_fhir.json");
        await using var rig = await TransformRig.StartAsync(spec);
        using var answer =
            await rig.PostAsync("""{"PatientID":"P1","PatientName":"Doe^Jane","StudyInstanceUID":"1.2.3","StudyDate":"20240102","Modality":"CT"}""");
        AssertJson(
            """
            {"resource":{"identifier":[{"value":"P1"}],"name":[{"family":"Doe^Jane"}],"extension":[{"valueString":"1.2.3"},{"valueDate":"20240102"}],"Modality":"CT"},
            "resourceType":"Patient"}
            """, rig.Only.Body);
    }

    [SharedFact("conformance/examples/fhir-to-legacy")]
    public async Task FhirPatientToLegacy_ReachesTheLegacySystemFlat()
    {
        var spec = Spec("fhir-to-legacy", "fhir-patient-to-legacy.json");
        await using var rig = await TransformRig.StartAsync(spec, "fail_on_error = false");
        const string patient = """{"resourceType":"Patient","id":"123","name":[{"family":"Smith","given":["John","Q"]}],"birthDate":"1990-01-15","gender":"male","telecom":[{"system":"phone","value":"1","use":"home"}]}""";
        using var answer = await rig.PostAsync(patient, "application/fhir+json");
        AssertJson(
            """
            {"patient_id":"123","last_name":"Smith","first_name":"John","middle_name":"Q","date_of_birth":"1990-01-15","sex":"male",
            "contacts":[{"type":"phone","value":"1","use":"home"}],"api_version":"1.0","record_type":"patient"}
            """, rig.Only.Body);
    }

    [SharedFact("conformance/examples/fhir-to-legacy")]
    public async Task LegacyResponseToFhir_IsAnOutcome()
    {
        var spec = Spec("fhir-to-legacy", "legacy-response-to-fhir.json");
        await using var rig = await TransformRig.StartAsync(spec, "apply = \"right\"", """{"status":"ok","message":"stored","patient_id":"123"}""");
        using var answer = await rig.SendAsync("GET", "/");
        AssertJson(
            """{"issue":[{"code":"ok","diagnostics":"stored","expression":["123"]}],"resourceType":"OperationOutcome"}""",
            await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The chain of the example fhir_dicom in front of a backend that stands for the PACS.</summary>
    [SharedFact("conformance/examples/fhir_dicom")]
    public async Task FhirDicom_QueryBecomesAnIdentifierAndMatchesABundle()
    {
        var query = Spec("fhir_dicom", "query_to_target_details.json");
        const string pipeline = """
            middleware.left = ["query_to_target", "fhir_dimse_meta", "fhir_to_dicom_transform", "show"]
            middleware.right = ["dicom_to_fhir_bundle"]
            [middleware.query_to_target]
            type = "metadata_transform"
            options = { spec_path = "query_to_target_details.json", fail_on_error = false, transform_target = "target_details" }
            [middleware.fhir_dimse_meta]
            type = "metadata_transform"
            options = { spec_path = "metadata_set_dimse_op.json", fail_on_error = true }
            [middleware.fhir_to_dicom_transform]
            type = "transform"
            options = { spec_path = "fhir_to_dicom_params.json", fail_on_error = false }
            [middleware.dicom_to_fhir_bundle]
            type = "transform"
            options = { spec_path = "dicom_to_fhir_bundle.json", fail_on_error = true }
            [middleware.show]
            type = "transform"
            options = { spec_path = "show.json" }
            """;
        var files = new Dictionary<string, string>
        {
            ["transforms/query_to_target_details.json"] = query,
            ["transforms/show.json"] = """[{"operation":"shift","spec":{"data":"data","context":{"request_details":{"metadata":{"dimse_op":"data.op","query_level":"data.level"}}}}}]""",
        };
        foreach (var name in new[] { "metadata_set_dimse_op.json", "fhir_to_dicom_params.json", "dicom_to_fhir_bundle.json" })
            files[$"transforms/{name}"] = Spec("fhir_dicom", name);
        const string matches = """{"matches":[{"0020000D":"1.2.3","00080050":"A1","00100020":"P1","00080020":"20240102"}]}""";
        await using var rig = await TransformRig.StartAsync(_ => pipeline, files, matches, prefix: "/fhir");

        using var answer = await rig.SendAsync("GET", "/fhir/ImagingStudy?patient=P1&modality=CT");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        AssertJson(
            """
            {"dimse_identifier":{"00100020":{"Value":["P1"],"vr":"LO"},"00080060":{"Value":["CT"],"vr":"CS"},"0020000D":{"vr":"UI","Value":[]},"00080020":{"vr":"DA","Value":[]},
            "00080050":{"vr":"SH","Value":[]}},"op":"find","level":"STUDY"}
            """, rig.Only.Body);
        Assert.Equal("/ImagingStudy?patient=P1&modality=CT", rig.Only.Target);
        var bundle = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("Bundle", "collection"), ((string?)bundle["resourceType"], (string?)bundle["type"]));
        var study = bundle["entry"]![0]!["resource"]!;
        Assert.Equal(("1.2.3", "2024-01-02"), ((string?)study["id"], (string?)study["started"]));
    }

    /// <summary>Whole examples, unchanged, whose backend is an echo.</summary>
    [SharedTheory("conformance/examples")]
    [InlineData("transform", "/transform", """{"PatientID":"P1"}""", "resourceType", "Patient")]
    [InlineData("fhir-to-legacy", "/Patient", """{"resourceType":"Patient","id":"123"}""", "patient_id", "123")]
    public async Task Example_Unchanged_Transforms(string example, string path, string body, string member, string expected)
    {
        var folder = SharedFolder.PathOf($"conformance/examples/{example}");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllText);
        await using var gateway = await TestGateway.StartAsync(files["config.toml"], files);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())![member]);
    }

    private static string Spec(string example, string name)
        => File.ReadAllText(SharedFolder.PathOf($"conformance/examples/{example}/transforms/{name}"));

    private static void AssertJson(string expected, string actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
