using System.Text.Json.Nodes;
using Harmony.Fhir.Tests.Middleware.SmartScopes;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>JSON Patch and FHIRPath Patch through endpoint, scopes and backend.</summary>
public sealed class FhirPatchTests
{
    private const string Lab = "/Observation/lab1", All = "patient/*.cruds", Condition = "patient/Observation.cruds?category=laboratory";

    [Theory]
    [InlineData(All, """[{"op":"replace","path":"/status","value":"amended"}]""", "/status", "\"amended\"")]
    [InlineData(All, """[{"op":"add","path":"/note","value":[{"text":"a"}]},{"op":"add","path":"/note/-","value":{"text":"b"}}]""", "/note", """[{"text":"a"},{"text":"b"}]""")]
    [InlineData(All, """[{"op":"test","path":"/status","value":"final"},{"op":"remove","path":"/code/coding/0/system"}]""", "/code", """{"coding":[{"code":"101"}]}""")]
    [InlineData(All, """[{"op":"copy","from":"/code","path":"/method"},{"op":"move","from":"/method","path":"/bodySite"}]""", "/bodySite/coding/0/code", "\"101\"")]
    [InlineData(Condition, """[{"op":"add","path":"/valueString","value":"x"}]""", "/valueString", "\"x\"")]
    [InlineData(All, "replace Observation.status valueCode \"amended\"", "/status", "\"amended\"")]
    [InlineData(All, "add Observation.code valueString \"Sodium\" name=text", "/code/text", "\"Sodium\"")]
    [InlineData(All, "add Observation valueDateTime \"2026-01-02\" name=effectiveDateTime", "/effectiveDateTime", "\"2026-01-02\"")]
    [InlineData(All, "delete Observation.code.coding[0].system valueString \"\"", "/code", """{"coding":[{"code":"101"}]}""")]
    [InlineData(All, "insert Observation.code.coding valueCoding {\"code\":\"first\"} index=0", "/code/coding/0/code", "\"first\"")]
    [InlineData(Condition, "replace Observation.code.coding[0].code valueCode \"7\"", "/code/coding/0/code", "\"7\"")]
    [InlineData("user/Observation.u", "replace Observation.subject valueReference {\"reference\":\"Patient/2\"}", "/subject/reference", "\"Patient/2\"")]
    public async Task Patch_IsDone(string scope, string patch, string pointer, string expected)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(scope, "PATCH " + Lab, Body(patch));

        Assert.True(reply.Status == 200, reply.ToString());
        JsonNode? found = gateway.Origin.Stored("Observation", "lab1");
        foreach (var word in pointer.Trim('/').Split('/'))
            found = found is JsonArray list ? list[int.Parse(word, System.Globalization.CultureInfo.InvariantCulture)] : found![word];
        Assert.Equal(expected, found!.ToJsonString());
    }

    [Theory]
    [InlineData(All, Lab, "replace Observation.subject valueReference {\"reference\":\"Patient/2\"}", 403)]
    [InlineData(All, Lab, "replace Observation.subject.reference valueString \"Patient/2\"", 403)]
    [InlineData(All, Lab, "add Observation valueReference {\"reference\":\"Patient/2\"} name=performer", 403)]
    [InlineData(All, Lab, "replace Observation valueReference {\"reference\":\"Patient/2\"} name=note", 403)]
    [InlineData(All, Lab, "delete Observation.where(true).subject valueString \"\"", 403)]
    [InlineData(All, Lab, "delete (Observation.subject) valueString \"\"", 403)]
    [InlineData(All, Lab, "replace Observation.status valueCode \"amended\" path=Observation.subject", 403)]
    [InlineData(Condition, Lab, "delete Observation.category[0] valueString \"\"", 403)]
    [InlineData(All, Lab, """[{"op":"replace","path":"/subject/reference","value":"Patient/2"}]""", 403)]
    [InlineData(All, Lab, """[{"op":"replace","path":"/sub~0ject","value":1}]""", 403)]
    [InlineData(All, Lab, """[{"op":"replace","path":"","value":{}}]""", 403)]
    [InlineData(All, Lab, """[{"op":"move","from":"/subject","path":"/note"}]""", 403)]
    [InlineData(All, Lab, """[{"op":"paint","path":"/status"}]""", 400)]
    [InlineData(All, "/Observation/lab2", "replace Observation.status valueCode \"amended\"", 404)]
    [InlineData("patient/Observation.rs", Lab, "replace Observation.status valueCode \"amended\"", 403)]
    [InlineData(All, Lab, "delete Observation.nothing valueString \"\"", 422)]
    [InlineData(All, Lab, """[{"op":"test","path":"/status","value":"x"}]""", 422)]
    public async Task Patch_IsRefused_AndNothingChanges(string scope, string path, string patch, int status)
    {
        await using var gateway = await SmartGateway.StartAsync();
        var before = gateway.Origin.Stored("Observation", "lab1")!.ToJsonString();

        var reply = await gateway.SendAsync(scope, "PATCH " + path, Body(patch));

        Assert.True(status == reply.Status, reply.ToString());
        Assert.Equal("OperationOutcome", reply.Json["resourceType"]!.ToString());
        if (status != 422) Assert.DoesNotContain(gateway.Origin.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Equal(before, gateway.Origin.Stored("Observation", "lab1")!.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/status","value":"amended"}]""")]
    [InlineData("replace Observation.status valueCode \"amended\"")]
    public async Task Patch_ByCriteria_IsDone(string patch)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync("user/*.cruds", "PATCH /Observation?identifier=none", Body(patch));
        var found = await gateway.SendAsync("user/*.cruds", "PATCH /Observation?code=102", Body(patch));

        Assert.Equal((404, 200), (reply.Status, found.Status));
        Assert.Equal("amended", gateway.Origin.Stored("Observation", "vital1")!["status"]!.ToString());
    }

    /// <summary>A JSON Patch as it is; else type, path, name and value of value[x], and further parts, as one operation of a FHIRPath Patch.</summary>
    private static string Body(string patch)
    {
        if (patch[0] == '[') return patch;
        var words = patch.Split(' ', 4);
        var end = words[3].LastIndexOf(' ') is > 0 and var at && words[3][at..].Contains('=', StringComparison.Ordinal) ? at : words[3].Length;
        var parts = new JsonArray(
            new JsonObject { ["name"] = "type", ["valueCode"] = words[0] }, new JsonObject { ["name"] = "path", ["valueString"] = words[1] },
            new JsonObject { ["name"] = "value", [words[2]] = JsonNode.Parse(words[3][..end]) });
        if (words[3][end..].Trim().Split('=', 2) is [var name, var value])
        {
            var part = new JsonObject { ["name"] = name };
            if (name == "index") part["valueInteger"] = JsonNode.Parse(value);
            else part["valueString"] = value;
            parts.Add((JsonNode)part);
        }

        var operation = new JsonObject { ["name"] = "operation", ["part"] = parts };
        return new JsonObject { ["resourceType"] = "Parameters", ["parameter"] = new JsonArray(operation) }.ToJsonString();
    }
}
