using System.Text.Json.Nodes;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>Searches see the patient of the token and nothing else, whatever they ask for.</summary>
public sealed class SmartSearchTests
{
    private const string Everything = "patient/*.rs";

    [Theory]
    [InlineData("GET /Observation", "Observation/lab1 Observation/panel Observation/vital1")]
    [InlineData("GET /Observation?category=laboratory", "Observation/lab1")]
    [InlineData("GET /Observation?patient=Patient/1,Patient/2", "Observation/lab1 Observation/panel Observation/vital1")]
    [InlineData("GET /Observation?subject=Patient/2", "")]
    [InlineData("GET /Patient", "Patient/1")]
    [InlineData("GET /Patient?name=Two", "")]
    [InlineData("GET /Patient?_id=1&_revinclude=Observation:performer", "Patient/1 Observation/by1")]
    [InlineData("GET /Patient?_revinclude=Condition:patient", "Condition/c1 Patient/1")]
    [InlineData("GET /Patient?_include=Patient:general-practitioner", "Patient/1 Practitioner/p")]
    [InlineData("GET /Observation?_include=Observation:has-member", "Observation/lab1 Observation/lab1 Observation/panel Observation/vital1")]
    [InlineData("GET /Patient/1/$everything", "Condition/c1 Observation/by1 Observation/lab1 Observation/panel Observation/vital1 Patient/1")]
    [InlineData("GET /Practitioner?name=Doc", "Practitioner/p")]
    public async Task Search_ShowsWhatIsThePatients(string request, string entries)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(Everything, request);

        Assert.Equal(200, reply.Status);
        Assert.Equal(entries.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), reply.Entries);
    }

    [Fact]
    public async Task PostedSearch_IsNarrowed_WithItsUrlAndItsForm()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(Everything, "POST /Observation/_search?category=laboratory", "subject=Patient/1&_count=10");

        Assert.Equal(["Observation/lab1"], reply.Entries);
    }

    [Fact]
    public async Task TwoGenerationsOfScopes_AndACondition_ShowOnlyWhatItNames()
    {
        await using var gateway = await SmartGateway.StartAsync();
        var scope = $"patient/Patient.read patient/Observation.rs?category={SmartGateway.Category}|laboratory";

        var narrowed = await gateway.SendAsync(scope, "GET /Observation");
        var other = await gateway.SendAsync(scope, "GET /Observation?category=vital-signs");
        var patient = await gateway.SendAsync(scope, "GET /Patient/1");

        Assert.Equal(["Observation/lab1"], narrowed.Entries);
        Assert.Empty(other.Entries);
        Assert.Equal(200, patient.Status);
    }

    [Fact]
    public async Task TwoConditions_AreJoined_AndThoseOfTwoParametersHaveToBeNamed()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var joined = await gateway.SendAsync("patient/Observation.rs?category=laboratory patient/Observation.rs?category=vital-signs", "GET /Observation");
        var unclear = await gateway.SendAsync("patient/Observation.rs?category=laboratory patient/Observation.rs?code=102", "GET /Observation");
        var named = await gateway.SendAsync("patient/Observation.rs?category=laboratory patient/Observation.rs?code=102", "GET /Observation?code=102");

        Assert.Equal(["Observation/lab1", "Observation/vital1"], joined.Entries);
        Assert.Equal(403, unclear.Status);
        Assert.Contains("'category' or 'code'", unclear.Text, StringComparison.Ordinal);
        Assert.Equal(["Observation/vital1"], named.Entries);
    }

    [Fact]
    public async Task Pages_LeadBackThroughTheGateway_AndShowNothingOfOtherSearches()
    {
        await using var gateway = await SmartGateway.StartAsync();
        await gateway.SendAsync("user/*.cruds", "GET /Observation?_count=2");
        var first = await gateway.SendAsync(Everything, "GET /Observation?_count=2");
        var next = first.Json["link"]!.AsArray().Single(l => l!["relation"]!.ToString() == "next")!["url"]!.ToString();

        var second = await gateway.SendAsync(Everything, "GET " + next[gateway.Base.Length..].Replace("?", "/?", StringComparison.Ordinal));
        var foreign = await gateway.SendAsync(Everything, "GET /?_getpages=0&_getpagesoffset=0&_count=20");

        Assert.StartsWith(gateway.Base + "?", next, StringComparison.Ordinal);
        Assert.Equal(2, first.Entries.Length);
        Assert.Equal(["Observation/lab1", "Observation/panel", "Observation/vital1"], first.Entries.Concat(second.Entries).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Observation/lab2", foreign.Entries);
        Assert.Null(foreign.Json["total"]);
    }

    [Theory]
    [InlineData("/Observation?patient=Patient/1&patient=Patient/2")]
    [InlineData("/Observation?patient=Patient/2&patient=Patient/1")]
    [InlineData("/Observation?patient=Patient%2F2")]
    [InlineData("/Observation?pat%69ent=2")]
    [InlineData("/Observation?PATIENT=2")]
    [InlineData("/Observation?Patient=2")]
    [InlineData("/Observation?patient:Patient=2")]
    [InlineData("/Observation?patient:identifier=urn:mrn|A2")]
    [InlineData("/Observation?patient.identifier=A2")]
    [InlineData("/Observation?patient:Patient.identifier=A2")]
    [InlineData("/Observation?subject.name=Two")]
    [InlineData("/Observation?performer:Patient.name=One")]
    [InlineData("/Observation?patient=1;patient=2")]
    [InlineData("/Observation?a=b;patient=2")]
    [InlineData("/Observation?a=1%26patient=2")]
    [InlineData("/Observation?a=1%00&patient=2")]
    [InlineData("/Observation?patient=1%2C2")]
    [InlineData("/Observation?patient=1\\,2")]
    [InlineData("/Observation?_include=*")]
    [InlineData("/Observation?_include:iterate=Observation:has-member")]
    [InlineData("/Observation?_INCLUDE=Observation:has-member")]
    [InlineData("/Observation?_revinclude=*")]
    [InlineData("/Observation?_has:Observation:has-member:code=101")]
    [InlineData("/Observation?_contained=true&_containedType=container")]
    [InlineData("/Observation?_filter=subject%20re%20Patient/2")]
    [InlineData("/Observation?_query=everything")]
    [InlineData("/Observation?_elements=code")]
    [InlineData("/Observation?_summary=text")]
    [InlineData("/Observation?_list=42")]
    [InlineData("/Observation?_sort=patient.name")]
    [InlineData("/Patient?_has:Observation:patient:code=101")]
    [InlineData("/Patient?_id=2")]
    [InlineData("/Patient?_id=1,2")]
    [InlineData("/Patient?_ID=2")]
    [InlineData("/Patient?identifier=urn:mrn|A2")]
    [InlineData("/Patient/1/*")]
    [InlineData("/Patient/2/Observation")]
    [InlineData("/Patient/2/*")]
    [InlineData("/Practitioner/p/Observation")]
    [InlineData("/Group?member=Patient/1")]
    [InlineData("/Group/g/$export")]
    [InlineData("/$export")]
    [InlineData("/_history")]
    [InlineData("/Observation/$lastn?patient=Patient/2")]
    [InlineData("/?_type=Observation")]
    [InlineData("/Observation/lab2")]
    [InlineData("/Observation/lab2?_format=json")]
    [InlineData("/Observation/lab2?_elements=status")]
    [InlineData("/Observation/LAB2")]
    [InlineData("/Observation//lab2")]
    [InlineData("/Observation/./lab2")]
    [InlineData("/Observation/lab1/../lab2")]
    [InlineData("/Observation/%6Cab2")]
    [InlineData("/Observation/lab2%2F_history")]
    [InlineData("/Observation/lab2;a=b")]
    [InlineData("/Observation/lab2/_history/1")]
    [InlineData("/Patient/1/$everything?patient=2")]
    [InlineData("/Patient/2/$everything")]
    public async Task Trick_ShowsNothingOfAnotherPatient(string path)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(Everything, "GET " + path);

        Assert.True(reply.Status is 200 or 400 or 403 or 404, $"{reply.Status}");
        foreach (var foreign in (string[])["\"lab2\"", "\"c2\"", "\"Two\"", "A2\"", "\"g\""])
            Assert.DoesNotContain(foreign, reply.Text, StringComparison.Ordinal);
        if (reply.Status == 200 && JsonNode.Parse(reply.Text)!["total"] is { } total) Assert.InRange(total.GetValue<int>(), 0, 3);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("X-Original-URL", "/r4/Observation/lab2")]
    [InlineData("If-None-Match", "W/\"1\"")]
    [InlineData("Accept", "application/fhir+xml")]
    [InlineData("Range", "bytes=0-10")]
    public async Task Header_OpensNothing(string name, string value)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var foreign = await gateway.SendAsync(Everything, "GET /Observation/lab2", change: m => m.Headers.TryAddWithoutValidation(name, value));
        var absent = await gateway.SendAsync(Everything, "GET /Observation/absent", change: m => m.Headers.TryAddWithoutValidation(name, value));

        Assert.Equal(absent, foreign);
        Assert.Equal(404, foreign.Status);
    }
}
