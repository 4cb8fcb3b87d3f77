using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harmony.Fhir.Middleware.FhirValidate;
using Harmony.Testing;
using Harmony.Testing.Fhir;

namespace Harmony.Fhir.Tests.Middleware.FhirValidate;

/// <summary><c>fhir_validate</c> with the definitions of R4 and the profiles of a folder.</summary>
public sealed class ProfileTests(ProfileTests.Stand stand) : IClassFixture<ProfileTests.Stand>
{
    private const string Registered = "http://example.org/fhir/StructureDefinition/registered-patient";

    private const string Profile = $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Registered}}}","version":"1.0.0","name":"RegisteredPatient","status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[
        {"id":"Patient","path":"Patient","constraint":[{"key":"reg-1","severity":"error","human":"a birth date or a name","expression":"birthDate.exists() or name.exists()"}]},
        {"id":"Patient.identifier","path":"Patient.identifier","min":1},
        {"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://example.org/fhir/ValueSet/married-or-not"}}]}}
        """;

    private const string Strict = """
        {"resourceType":"StructureDefinition","url":"http://example.org/fhir/StructureDefinition/active-patient","name":"ActivePatient","status":"active","fhirVersion":"4.0.1","kind":"resource",
        "abstract":false,"type":"Patient","baseDefinition":"http://example.org/fhir/StructureDefinition/registered-patient","derivation":"constraint",
        "differential":{"element":[{"id":"Patient.active","path":"Patient.active","min":1}]}}
        """;

    private const string Codes = """
        {"resourceType":"ValueSet","url":"http://example.org/fhir/ValueSet/married-or-not","status":"active","compose":{"include":[
        {"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"},{"code":"S"}]}]}}
        """;

    private const string Good = """{"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"A1"}],"name":[{"family":"x"}]""";

    [Theory]
    [InlineData("/Patient", Good + "}", null)]
    [InlineData("/Patient", """{"resourceType":"Patient","name":[{"family":"x"}]}""", "invalid Patient")]
    [InlineData("/Patient", """{"resourceType":"Patient","identifier":[{"value":"1"}]}""", "invariant Patient")]
    [InlineData("/Patient", Good + ""","gender":"mann"}""", "code-invalid Patient.gender")]
    [InlineData("/Patient", Good + ""","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"W"}]}}""", "code-invalid Patient.maritalStatus")]
    [InlineData("/Patient", Good + ""","contact":[{"gender":"male"}]}""", "invariant Patient.contact[0]")]
    [InlineData("/Patient", Good + ""","meta":{"profile":["http://example.org/fhir/StructureDefinition/active-patient"]}}""", "invalid Patient")]
    [InlineData("/Patient", Good + ""","active":true,"meta":{"profile":["http://example.org/fhir/StructureDefinition/active-patient"]}}""", null)]
    [InlineData("/Patient", Good + ""","meta":{"profile":["http://example.org/fhir/StructureDefinition/registered-patient|1.0.0"]}}""", null)]
    [InlineData("/Patient", Good + ""","meta":{"profile":["http://example.org/unknown"]}}""", "incomplete Patient")]
    [InlineData("/Patient", Good + ""","modifierExtension":[{"url":"http://example.org/m","valueString":"x"}]}""", "incomplete Patient.modifierExtension[0]")]
    [InlineData("/Patient", Good + ""","nane":1}""", "structure Patient")]
    [InlineData("/Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"comparator":"=="}}""", "code-invalid Observation.value.comparator")]
    [InlineData("", """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"x"}]},"request":{"method":"POST","url":"Patient"}}]}""", "invalid Bundle.entry[0].resource")]
    [InlineData("/Patient", """<Patient xmlns="http://hl7.org/fhir"><identifier><value value="1"/></identifier><birthDate value="1970"/></Patient>""", null)]
    [InlineData("/Patient", """<Patient xmlns="http://hl7.org/fhir"><birthDate value="1970"/></Patient>""", "invalid Patient")]
    [InlineData("/Patient", """<Patient xmlns="http://hl7.org/fhir"><identifier><value value="1"/></identifier><birthDate value="x"/></Patient>""", "invalid Patient.birthDate")]
    public async Task Request_HasToConform(string path, string body, string? issue)
    {
        var isXml = body[0] == '<';
        var type = new MediaTypeHeaderValue(isXml ? "application/fhir+xml" : "application/fhir+json");
        using var message = new HttpRequestMessage(HttpMethod.Post, "/fhir" + path) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (isXml) message.Headers.Add("Accept", "application/fhir+xml");

        using var response = await stand.Client.SendAsync(message);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True((response.StatusCode == System.Net.HttpStatusCode.BadRequest) == (issue is not null), text);
        if (issue is null && !isXml) Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode); // the server of the tests reads no XML
        if (issue is not null) Assert.Contains(issue, Issues(text, isXml));
    }

    [Fact]
    public async Task Requests_AtOnce_AreAllJudged()
    {
        var bodies = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? Good + "}" : """{"resourceType":"Patient","name":[{"family":"x"}]}""");

        var statuses = await Task.WhenAll(bodies.Select(async body =>
        {
            using var response = await stand.Client.PostAsync("/fhir/Patient", new StringContent(body, Encoding.UTF8, "application/fhir+json"));
            return (int)response.StatusCode;
        }));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 201 : 400), statuses);
    }

    [Fact]
    public async Task Warn_LetsPass_AndLogsNoValues()
    {
        using var response = await stand.Client.PostAsync("/warned/Patient", new StringContent("""{"resourceType":"Patient","name":[{"family":"x"}],"gender":"mustermann"}""", Encoding.UTF8, "application/fhir+json"));

        Assert.Equal(201, (int)response.StatusCode);
        var line = Assert.Single(stand.Gateway.Log.Lines, l => l.EventId == 3401 && l.Message.Contains("'warned'", StringComparison.Ordinal));

        Assert.DoesNotContain("mustermann", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_HasToConform_AndItsValuesAreNotTold()
    {
        stand.Origin.Add("""{"resourceType":"Patient","id":"odd","gender":"mustermann"}""");

        using var response = await stand.Client.GetAsync("/answered/Patient/odd");

        Assert.Equal(502, (int)response.StatusCode);
        Assert.DoesNotContain("mustermann", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(stand.Gateway.Log.Lines, l => l.Message.Contains("mustermann", StringComparison.Ordinal));
    }

    [Fact]
    public void Packages_UnpackedAndPacked_AreTheSame()
    {
        using var unpacked = new TestFolder();
        unpacked.Write("example#1.0.0/package/profile.json", Profile);
        unpacked.Write("example#1.0.0/package/package.json", """{"name":"example","version":"1.0.0"}""");
        unpacked.Write("example#1.0.0/package/example/patient.json", "{ not read");
        var ofR5 = Profile.Replace("4.0.1", "5.0.0", StringComparison.Ordinal).Replace("registered", "later", StringComparison.Ordinal);
        unpacked.Write("example#1.0.0/package/r5.json", ofR5);
        using var packed = new TestFolder();
        using (var tar = new TarWriter(new GZipStream(File.Create(packed.PathOf("example-1.0.0.tgz")), CompressionLevel.Fastest)))
        {
            (string Name, string Text)[] entries =
                [("package/package.json", "{}"), ("package/example/patient.json", "{ not read"), ("package/profile.json", Profile)];
            foreach (var (name, text) in entries)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        var (first, second) = (DefinitionTable.OfFolder(unpacked.Path), DefinitionTable.OfFolder(packed.Path));

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal([Registered], first.Profiles);
        Assert.Equal(Profile, Encoding.UTF8.GetString(second.Find(Registered + "|1.0.0")!.Read()));
        Assert.Null(second.Find(Registered + "|2.0.0"));
    }

    [Theory]
    [InlineData("mode = \"enforce\"\npackages_dir = \"nowhere\"", "cannot read the packages of 'nowhere': no such folder")]
    [InlineData("mode = \"enforce\"\npackages_dir = \"broken\"", "'package/broken.json' is not JSON")]
    [InlineData("mode = \"enforce\"\npackages_dir = \"torn\"", "'torn.tgz' is no package")]
    [InlineData("mode = \"enforce\"\npackages_dir = \"packages\"\nprofiles = [\"" + Registered + "s\"]", "did you mean '" + Registered + "'?")]
    [InlineData("mode = \"enforce\"\nprofiles = [\"" + Registered + "\"]", "'packages_dir' names the folder of packages")]
    [InlineData("packages_dir = \"packages\"", "mode = \"shape\" knows no profiles")]
    public async Task Options_ThatCannotBe_AreToldOf(string options, string message)
    {
        var files = new Dictionary<string, string>(Files) { ["broken/package/broken.json"] = "{", ["torn/torn.tgz"] = "no gzip" };

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config("http://127.0.0.1:1/r4", options), files));

        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Issues(string text, bool isXml)
    {
        if (!isXml) return JsonNode.Parse(text)!["issue"]!.AsArray().Select(i => $"{i!["code"]} {i["expression"]?[0]}");
        XNamespace fhir = "http://hl7.org/fhir";
        return XDocument.Parse(text).Root!.Elements(fhir + "issue").Select(i => $"{Value(i, "code")} {Value(i, "expression")}");

        string? Value(XElement issue, string name) => issue.Element(fhir + name)?.Attribute("value")!.Value;
    }

    private static Dictionary<string, string> Files => new()
    {
        ["packages/example#1.0.0/package/StructureDefinition-registered-patient.json"] = Profile,
        ["packages/example#1.0.0/package/StructureDefinition-active-patient.json"] = Strict,
        ["packages/example#1.0.0/package/ValueSet-married-or-not.json"] = Codes,
    };

    private static string Config(string server, string options) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        {Pipeline("fhir", options)}
        {Pipeline("warned", $"mode = \"warn\"\npackages_dir = \"packages\"\nprofiles = [\"{Registered}\"]")}
        {Pipeline("answered", $"mode = \"enforce\"\napply = \"right\"\npackages_dir = \"packages\"\nprofiles = [\"{Registered}\"]")}
        [backends.server]
        service = "fhir"
        max_retries = 0
        options.base_url = "{server}"
        """;

    private static string Pipeline(string name, string options) => $"""
        [pipelines.{name}]
        networks = ["main"]
        endpoints = ["{name}"]
        middleware = ["{name}"]
        backends = ["server"]
        [middleware.{name}]
        type = "fhir_validate"
        [middleware.{name}.options]
        {options}
        [endpoints.{name}]
        service = "fhir"
        options.path_prefix = "/{name}"
        """;

    /// <summary>A gateway whose definitions are read, which takes seconds, before a test looks at it.</summary>
    public sealed class Stand : IAsyncLifetime
    {
        public FhirOrigin Origin { get; private set; } = null!;

        public TestGateway Gateway { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Origin = await FhirOrigin.StartAsync();
            const string options = $"mode = \"enforce\"\npackages_dir = \"packages\"\nprofiles = [\"{Registered}\"]";
            Gateway = await TestGateway.StartAsync(Config(Origin.Base, options), Files);
            Client = TestClient.Http1(Gateway.Url);
            Client.Timeout = TimeSpan.FromMinutes(4);
            using var first = await Client.PostAsync("/fhir/Patient", new StringContent(Good + "}", Encoding.UTF8, "application/fhir+json"));
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Gateway.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
