using System.Text;
using System.Text.Json;
using Harmony.Fhir.Middleware.FhirValidate;

namespace Harmony.Fhir.Tests.Middleware.FhirValidate;

/// <summary>Resources against the elements of R4.</summary>
public sealed class ShapeRulesTests
{
    [Theory]
    [InlineData(
        """{"resourceType":"Patient","id":"1","active":true,"name":[{"family":"Doe","given":["A","B"]}],"birthDate":"1970-01-31","deceasedBoolean":false}""")]
    [InlineData("""{"id":"1","name":[{"given":[null,"B"],"_given":[{"extension":[{"url":"http://x","valueString":"y"}]},null]}],"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.5,"unit":"mg"},"component":[{"code":{"text":"y"},"valueInteger":3}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}},{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"1","type":"group","item":[{"linkId":"1.1","type":"string"}]}]}""")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x","valueDateTime":"1970-01-01T10:00:00Z"}]},"contained":[{"resourceType":"Organization","id":"o"}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient"}},{"name":"b","part":[{"name":"c","valueCode":"d"}]}]}""")]
    public void GoodResource_Passes(string json) => Assert.Empty(ShapeRules.Check(Encoding.UTF8.GetBytes(json), 20));

    [Theory]
    [InlineData("""{"resourceType":"Patent"}""", "Resource", "no such resource type")]
    [InlineData("""{"resourceType":"patient"}""", "Resource", "did you mean 'Patient'?")]
    [InlineData("""{"id":"1"}""", "Resource", "resourceType")]
    [InlineData("""[]""", "Resource", "a JSON object")]
    [InlineData("""{"resourceType":"Patient","nane":[]}""", "Patient", "'nane'")]
    [InlineData("""{"resourceType":"Patient","name":{"family":"x"}}""", "Patient.name", "a list")]
    [InlineData("""{"resourceType":"Patient","gender":["male"]}""", "Patient.gender", "no list")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":7}]}""", "Patient.name[0].family", "a string")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"x"},{"family":""}]}""", "Patient.name[1].family", "not empty")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""", "Patient.active", "true or false")]
    [InlineData("""{"resourceType":"Patient","birthDate":"31.01.1970"}""", "Patient.birthDate", "YYYY-MM-DD")]
    [InlineData("""{"resourceType":"Patient","birthDate":"1970-13-01"}""", "Patient.birthDate", "YYYY-MM-DD")]
    [InlineData("""{"resourceType":"Patient","birthDate":null}""", "Patient.birthDate", "a string")]
    [InlineData("""{"resourceType":"Patient","name":[]}""", "Patient.name", "not empty")]
    [InlineData("""{"resourceType":"Patient","name":[{}]}""", "Patient.name[0]", "not empty")]
    [InlineData("""{"resourceType":"Patient","active":true,"active":false}""", "Patient", "more than once")]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}""", "Patient", "more than once")]
    [InlineData("""{"resourceType":"Patient","link":[{"type":"refer"}]}""", "Patient.link[0]", "'other' is missing")]
    [InlineData("""{"resourceType":"Observation","code":{"text":"x"}}""", "Observation", "'status' is missing")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueNonsense":1}""", "Observation", "'valueNonsense'")]
    [InlineData("""{"resourceType":"Observation","status":"final ","code":{"text":"x"}}""", "Observation.status", "a code")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"issued":"2020-01-01"}""", "Observation.issued", "a moment")]
    [InlineData(
        """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","nane":1}}]}""", "Bundle.entry[0].resource", "'nane'")]
    [InlineData("""{"resourceType":"Patient","contained":["x"]}""", "Patient.contained[0]", "a resource")]
    [InlineData("""{"resourceType":"Patient","<script>":1}""", "Patient", "'?'")]
    [InlineData("""{"resourceType":"Patient","_name":[{"id":"x"}]}""", "Patient", "'_name'")]
    [InlineData("""{"resourceType":"Patient","multipleBirthInteger":1.5}""", "Patient.multipleBirthInteger", "a whole number")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset","total":-1}""", "Bundle.total", "0 or more")]
    public void BadResource_IsToldWhereAndWhy(string json, string expression, string text)
    {
        var issues = ShapeRules.Check(Encoding.UTF8.GetBytes(json), 20);

        Assert.Contains(issues, i => i.Expression == expression && i.Text.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient",""")]
    [InlineData("""{"resourceType":"Patient"} x""")]
    [InlineData("")]
    public void WhatIsNoJson_IsAnException(string json) => Assert.ThrowsAny<JsonException>(() => ShapeRules.Check(Encoding.UTF8.GetBytes(json), 20));

    [Fact]
    public void ManyIssues_EndTheWalk()
    {
        var json = $$"""{"resourceType":"Patient",{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"x{i}\":1"))}}}""";

        Assert.Equal(5, ShapeRules.Check(Encoding.UTF8.GetBytes(json), 5).Count);
    }
}
