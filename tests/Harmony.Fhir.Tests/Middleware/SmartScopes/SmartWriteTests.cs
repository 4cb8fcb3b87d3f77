using System.Text.Json.Nodes;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>Writes stay with the patient of the token: bodies, conditions, Bundles.</summary>
public sealed class SmartWriteTests
{
    private const string All = "patient/*.cruds";

    [Theory]
    [InlineData("GET /Observation/{0}")]
    [InlineData("HEAD /Observation/{0}")]
    [InlineData("DELETE /Observation/{0}")]
    [InlineData("GET /Observation/{0}/_history")]
    [InlineData("GET /Observation/{0}/_history/1")]
    [InlineData("PUT /Observation/{0}")]
    [InlineData("PATCH /Observation/{0}")]
    public async Task AbsentAndForeign_AreAnsweredAlike(string request)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var replies = new List<SmartReply>();
        foreach (var id in (string[])["absent", "lab2"])
        {
            var body = request.StartsWith("PUT", StringComparison.Ordinal) ? SmartGateway.Observation(id, "1", "laboratory", "1")
                : request.StartsWith("PATCH", StringComparison.Ordinal) ? """[{"op":"replace","path":"/status","value":"amended"}]""" : null;
            replies.Add(await gateway.SendAsync(All, string.Format(System.Globalization.CultureInfo.InvariantCulture, request, id), body));
        }

        Assert.Equal(replies[0], replies[1]);
        Assert.Equal(404, replies[1].Status);
        Assert.Equal("final", gateway.Origin.Stored("Observation", "lab2")!["status"]!.ToString());
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/2"},"performer":[{"reference":"Patient/1"}]}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final","performer":[{"reference":"Patient/1"}]}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/1"},"performer":[{"reference":"Patient/2"}]}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"https://other.example/Patient/1"}}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"identifier":{"value":"A1"}}}""", 403)]
    [InlineData("""{"resourceType":"Observation","status":"final"}""", 403)]
    [InlineData("""{"resourceType":"Condition","subject":{"reference":"Patient/1"}}""", 400)]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/2"},"subject":{"reference":"Patient/1"}}""", 400)]
    [InlineData("""[1]""", 400)]
    [InlineData("""<Observation xmlns="http://hl7.org/fhir"><subject><reference value="Patient/2"/></subject></Observation>""", 403)]
    [InlineData(
        """<!DOCTYPE a [<!ENTITY b "c">]><Observation xmlns="http://hl7.org/fhir"><subject><reference value="Patient/1"/></subject></Observation>""", 400)]
    [InlineData(
        """{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/1/_history/1"},"performer":[{"reference":"Practitioner/p"}]}""", 201)]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"Patient?identifier=urn:mrn|A1"}}""", 201)]
    public async Task Create_HasToBeAboutThePatient(string body, int status)
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(All, "POST /Observation", body);

        Assert.True(status == reply.Status, $"{reply.Status} {reply.Text}");
        if (status >= 400) Assert.DoesNotContain(gateway.Origin.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("identifier=urn:mrn|A2")]
    [InlineData("Patient?identifier=urn:mrn|A2")]
    [InlineData("?identifier=urn%3Amrn%7CA2")]
    public async Task ConditionalCreate_DoesNotTellOfOthers(string criteria)
    {
        await using var gateway = await SmartGateway.StartAsync();
        var body = SmartGateway.Observation("x", "1", "laboratory", "101");

        var withoutSearch = await gateway.SendAsync("patient/Observation.c", "POST /Observation", body, m => m.Headers.Add("If-None-Exist", criteria));
        var reply = await gateway.SendAsync(All, "POST /Observation", body, m => m.Headers.Add("If-None-Exist", "Observation?code=999"));
        var foreign = await gateway.SendAsync(All, "POST /Observation", body, m => m.Headers.Add("If-None-Exist", "subject=Patient/2&code=101"));

        Assert.Equal(403, withoutSearch.Status);
        Assert.Equal(201, reply.Status);
        Assert.Equal(201, foreign.Status);
    }

    [Fact]
    public async Task Batch_EntriesFailAlone_AndKeepTheirPlaces()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync("patient/Observation.cruds", "POST /", """
            {"resourceType":"Bundle","type":"batch","entry":[
            {"request":{"method":"GET","url":"Observation/lab1"}},
            {"request":{"method":"GET","url":"Observation/lab2"}},
            {"request":{"method":"GET","url":"Condition/c1"}},
            {"request":{"method":"GET","url":"Observation?category=laboratory"}},
            {"request":{"method":"DELETE","url":"Observation/lab2"}},
            {"request":{"method":"GET","url":"../admin"}},
            {"request":{"method":"GET","url":"http://other.example/r4/Observation/lab1"}},
            {"request":{"method":"GET","url":"Observation?subject:Patient.name=Two"}}]}
            """);

        Assert.Equal(200, reply.Status);
        var entries = reply.Json["entry"]!.AsArray();
        Assert.Equal(["200", "404", "403", "200", "404", "400", "400", "403"], entries.Select(e => e!["response"]!["status"]!.ToString()));
        Assert.Equal("lab1", entries[0]!["resource"]!["id"]!.ToString());
        Assert.Equal("lab1", Assert.Single(entries[3]!["resource"]!["entry"]!.AsArray())!["resource"]!["id"]!.ToString());
        Assert.NotNull(gateway.Origin.Stored("Observation", "lab2"));
    }

    [Fact]
    public async Task Transaction_IsRefusedAsAWhole_AndNamesItsEntry()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(All, "POST /", $$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
            {"request":{"method":"POST","url":"Observation"},"resource":{{SmartGateway.Observation("x", "1", "laboratory", "1")}}},
            {"request":{"method":"POST","url":"Observation"},"resource":{{SmartGateway.Observation("x", "1", "laboratory", "1")}}},
            {"request":{"method":"POST","url":"Observation"},"resource":{{SmartGateway.Observation("x", "2", "laboratory", "1")}}}]}
            """);

        Assert.Equal(403, reply.Status);
        Assert.StartsWith("Bundle.entry[2]", reply.Json["issue"]![0]!["expression"]![0]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Origin.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Transaction_ThatIsAllowed_IsDone_WithNarrowedConditions()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(All, "POST /", """
            {"resourceType":"Bundle","type":"transaction","entry":[
            {"request":{"method":"POST","url":"Observation","ifNoneExist":"Observation?code=777"},"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"Patient?identifier=urn:mrn|A1"}}},
            {"request":{"method":"PUT","url":"Observation/lab1"},"resource":{"resourceType":"Observation","id":"lab1","status":"amended","subject":{"reference":"Patient/1"}}}]}
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal(["201", "200"], reply.Json["entry"]!.AsArray().Select(e => e!["response"]!["status"]!.ToString()));
        var sent = JsonNode.Parse(gateway.Origin.Bodies.Last())!["entry"]![0]!;
        Assert.Equal("code=777&patient=Patient%2F1", sent["request"]!["ifNoneExist"]!.ToString());
        Assert.Equal("Patient?identifier=urn%3Amrn%7CA1&_id=1", sent["resource"]!["subject"]!["reference"]!.ToString());
        Assert.Equal("amended", gateway.Origin.Stored("Observation", "lab1")!["status"]!.ToString());
    }

    [Fact]
    public async Task ConditionalDelete_OfAnotherPatient_FindsNothing()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync(All, "DELETE /Observation?code=101");

        Assert.Equal(204, reply.Status);
        Assert.Null(gateway.Origin.Stored("Observation", "lab1"));
        Assert.NotNull(gateway.Origin.Stored("Observation", "lab2"));
    }

    [Fact]
    public async Task WhoMayOnlyWrite_IsShownNothing()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var reply = await gateway.SendAsync("patient/Observation.u", "PATCH /Observation/lab1", """[{"op":"replace","path":"/status","value":"amended"}]""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("", reply.Text);
    }

    [Fact]
    public async Task NotModified_AndHead_WorkForWhatIsShown()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var known = await gateway.SendAsync(All, "GET /Observation/lab1", change: m => m.Headers.TryAddWithoutValidation("If-None-Match", "W/\"1\""));
        var head = await gateway.SendAsync(All, "HEAD /Observation/lab1");

        Assert.Equal(304, known.Status);
        Assert.Equal((200, ""), (head.Status, head.Text));
    }

    [Fact]
    public async Task UserWhoIsAPatient_SeesThatPatientOnly()
    {
        await using var gateway = await SmartGateway.StartAsync();

        var own = await gateway.SendAsync("user/*.rs", "GET /Patient/2", patient: null, fhirUser: $"{gateway.Base}/Patient/2");
        var other = await gateway.SendAsync("user/*.rs", "GET /Patient/1", patient: null, fhirUser: $"{gateway.Base}/Patient/2");

        Assert.Equal((200, 404), (own.Status, other.Status));
    }

    [Fact]
    public async Task WithoutToken_NothingPasses_AndOneSideAloneIsAnError()
    {
        await using var gateway = await SmartGateway.StartAsync();

        using var response = await gateway.Client.GetAsync("/fhir/Observation/lab1");
        var config = FhirConfig.For("http://127.0.0.1:1") with
        {
            Middleware = "{ left = [\"smart\"], right = [] }",
            Tables = "[middleware.smart]\ntype = \"smart_scopes\"",
        };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(config.StartAsync);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("works on both sides", error.Message, StringComparison.Ordinal);
    }
}
