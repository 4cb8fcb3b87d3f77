using System.Globalization;
using System.Text;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>
/// Scopes × requests as a table. The token is for patient 1 unless the scopes begin with <c>no-patient</c>. A request may end in what is sent: a patient in
/// whose name an Observation is written, or a patch.
/// </summary>
public sealed class ScopeMatrixTests
{
    private const string Table = """
        | scopes                                                  | request                                       | status |
        |---------------------------------------------------------|-----------------------------------------------|--------|
        | patient/Observation.read                                | GET /Observation/lab1                         | 200    |
        | patient/Observation.read                                | GET /Observation/lab2                         | 404    |
        | patient/Observation.read                                | GET /Observation/absent                       | 404    |
        | patient/Observation.read                                | GET /Condition/c1                             | 403    |
        | patient/*.read                                          | GET /Condition/c1                             | 200    |
        | patient/*.read                                          | GET /Condition/c2                             | 404    |
        | patient/*.read                                          | GET /Patient/1                                | 200    |
        | patient/*.read                                          | GET /Patient/2                                | 404    |
        | patient/*.read                                          | GET /Practitioner/p                           | 200    |
        | patient/*.read                                          | GET /Device/d                                 | 403    |
        | patient/*.read                                          | GET /Group/g                                  | 403    |
        | patient/*.read                                          | GET /Binary/b                                 | 403    |
        | patient/*.read                                          | POST /Observation 1                           | 403    |
        | patient/*.write                                         | GET /Observation/lab1                         | 403    |
        | patient/*.write                                         | POST /Observation 1                           | 201    |
        | patient/*.write                                         | POST /Observation 2                           | 403    |
        | patient/*.write                                         | POST /Practitioner {"resourceType":"Practitioner"} | 403 |
        | patient/*.write                                         | PUT /Observation/lab1 1                       | 200    |
        | patient/*.write                                         | PUT /Observation/lab1 2                       | 403    |
        | patient/*.write                                         | PUT /Observation/lab2 1                       | 404    |
        | patient/*.write                                         | PUT /Observation/absent 1                     | 404    |
        | patient/*.write                                         | DELETE /Observation/lab1                      | 204    |
        | patient/*.write                                         | DELETE /Observation/lab2                      | 404    |
        | patient/*.write                                         | DELETE /Observation/absent                    | 404    |
        | patient/Observation.*                                   | GET /Observation/lab1                         | 200    |
        | patient/Observation.*                                   | GET /Observation                              | 200    |
        | patient/Observation.r                                   | GET /Observation/lab1                         | 200    |
        | patient/Observation.r                                   | GET /Observation                              | 403    |
        | patient/Observation.s                                   | GET /Observation/lab1                         | 403    |
        | patient/Observation.s                                   | GET /Observation                              | 200    |
        | patient/Observation.s                                   | GET /Observation?patient=1                    | 200    |
        | patient/Observation.s                                   | GET /Observation?patient=Patient/2            | 403    |
        | patient/Observation.s                                   | GET /Patient/1/Observation                    | 200    |
        | patient/Observation.s                                   | GET /Patient/2/Observation                    | 404    |
        | patient/Observation.s                                   | GET /Observation?subject:Patient.name=One     | 403    |
        | patient/Observation.rs                                  | GET /Observation/lab1/_history                | 200    |
        | patient/Observation.rs                                  | GET /Observation/lab2/_history                | 404    |
        | patient/Observation.rs                                  | GET /Observation/_history                     | 403    |
        | patient/Observation.rs                                  | GET /Observation/lab1/_history/1              | 200    |
        | patient/Observation.rs                                  | GET /Observation/lab2/_history/1              | 404    |
        | patient/Observation.u                                   | PATCH /Observation/lab1 [{"op":"replace","path":"/status","value":"amended"}] | 200 |
        | patient/Observation.u                                   | PATCH /Observation/lab1 [{"op":"replace","path":"/subject","value":{"reference":"Patient/2"}}] | 403 |
        | patient/Observation.u                                   | PATCH /Observation/lab2 [{"op":"replace","path":"/status","value":"amended"}] | 404 |
        | patient/Observation.c                                   | PATCH /Observation/lab1 [{"op":"replace","path":"/status","value":"amended"}] | 403 |
        | patient/Observation.rs?category=laboratory              | GET /Observation/lab1                         | 200    |
        | patient/Observation.rs?category=laboratory              | GET /Observation/vital1                       | 404    |
        | patient/Observation.rs?category:in=laboratory           | GET /Observation/lab1                         | 403    |
        | patient/Observation.sr                                  | GET /Observation/lab1                         | 403    |
        | patient/observation.rs                                  | GET /Observation/lab1                         | 403    |
        | patient/Observation                                     | GET /Observation/lab1                         | 403    |
        | patient/Observation.rs?                                 | GET /Observation/lab1                         | 403    |
        | openid fhirUser launch/patient                          | GET /Observation/lab1                         | 403    |
        | no-patient patient/*.cruds                              | GET /Observation/lab1                         | 403    |
        | no-patient user/Observation.rs                          | GET /Observation/lab2                         | 200    |
        | no-patient user/Observation.rs                          | GET /Condition/c2                             | 403    |
        | no-patient user/Observation.rs                          | GET /Observation?subject:Patient.name=One     | 403    |
        | no-patient user/Observation.rs user/Patient.s           | GET /Observation?subject:Patient.name=One     | 200    |
        | no-patient user/*.cruds                                 | DELETE /Patient/2                             | 204    |
        | no-patient system/*.rs                                  | GET /Group/g                                  | 200    |
        | no-patient system/*.rs                                  | GET /_history                                 | 200    |
        | no-patient system/*.rs                                  | POST /Patient/$merge                          | 403    |
        | patient/*.rs                                            | GET /Patient/1/$everything                    | 200    |
        | patient/*.rs                                            | GET /Patient/2/$everything                    | 404    |
        | patient/*.rs                                            | GET /Patient/$everything                      | 403    |
        | patient/*.rs                                            | GET /?_type=Patient,Observation               | 403    |
        | patient/*.rs                                            | GET /metadata                                 | 200    |
        """;

    public static TheoryData<string, string, int> Rows()
    {
        var rows = new TheoryData<string, string, int>();
        foreach (var cells in Table.Split('\n').Skip(2).Select(l => l.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries)))
            rows.Add(cells[0], cells[1], int.Parse(cells[2], CultureInfo.InvariantCulture));
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Scope_LetsDo(string scopes, string request, int status)
    {
        await using var gateway = await SmartGateway.StartAsync();
        var words = request.Split(' ', 3);
        var id = words[1].Split('/')[^1];
        var body = words.Length < 3 ? null : words[2].Length > 1 ? words[2] : SmartGateway.Observation(id, words[2], "laboratory", "101");
        var patient = scopes.StartsWith("no-patient", StringComparison.Ordinal) ? null : "1";

        var reply = await gateway.SendAsync(scopes.Replace("no-patient ", "", StringComparison.Ordinal), $"{words[0]} {words[1]}", body, patient: patient);

        Assert.True(status == reply.Status, new StringBuilder().Append(reply.Status).Append(' ').Append(reply.Text).ToString());
        if (status >= 400) Assert.Equal("OperationOutcome", reply.Json["resourceType"]!.ToString());
    }
}
