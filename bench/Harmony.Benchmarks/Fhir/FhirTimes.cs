using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Middleware.FhirValidate;
using Harmony.Fhir.Middleware.SmartScopes;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Benchmarks.Fhir;

/// <summary>Times of single parts of FHIR, for <c>bench/fhir.sh</c>: the best of several rounds, on one core.</summary>
internal static class FhirTimes
{
    private const int Rounds = 7;
    private const string Base = "https://gateway.example.org/fhir";

    private const string Patient = """
        {"resourceType":"Patient","id":"1","meta":{"versionId":"3","lastUpdated":"2026-01-02T03:04:05Z"},"identifier":[{"use":"official","system":"urn:mrn","value":"A1"},{"system":"urn:ssn","value":"2"}],
        "active":true,"name":[{"use":"official","family":"Doe","given":["Jane","Q"]},{"use":"nickname","given":["J"]}],"telecom":[{"system":"phone","value":"1","use":"home"},{"system":"email","value":"j@example.org"}],
        "gender":"female","birthDate":"1970-01-31","deceasedBoolean":false,"address":[{"use":"home","line":["Street 1"],"city":"Town","postalCode":"12345","country":"DE"}],
        "contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],"name":{"family":"Doe"}}],"generalPractitioner":[{"reference":"Practitioner/7"}]}
        """;

    /// <summary>Prints <c>NAME VALUE</c> lines.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var identity = new Identity("jwt", "ann") { Claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["jwt.scope"] = "openid patient/Patient.rs patient/Observation.rs?category=laboratory", ["jwt.patient"] = "1" } };
        var token = SmartToken.Of(identity, ["scope"], new HashSet<string>(StringComparer.Ordinal));
        var judge = new ScopeJudge(new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var interaction = new FhirInteraction("search-type") { Type = "Observation" };
        Line("scope_check_us", Best(20_000, () => judge.Judge(token, new SmartRequest(interaction, FhirQuery.Parse("code=http://loinc.org|1234-5&date=ge2024&_count=50")) { PublicBase = Base })) * 1e6);
        var resource = (JsonObject)JsonNode.Parse("""{"resourceType":"Observation","id":"o","category":[{"coding":[{"system":"x","code":"laboratory"}]}],"subject":{"reference":"Patient/1"}}""")!;
        Line("entry_check_us", Best(20_000, () => ResponseRules.IsShown(resource, "Observation", token, Base)) * 1e6);
        var patient = Encoding.UTF8.GetBytes(Patient);
        Line("shape_us", Best(20_000, () => ShapeRules.Check(patient, 20)) * 1e6);
        await ProfilesAsync(patient);
        var bundle = Bundle(16 << 20);
        Line("rewriting_mb_s", bundle.Length / 1e6 / await BestAsync(() => RewriteAsync(bundle)));
        return 0;

        async Task ProfilesAsync(byte[] resource)
        {
            var engine = new ProfileEngine(null, Array.Empty<string>().ToLookup(p => p));
            var (held, from) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.GetTimestamp());
            await engine.ValidateAsync(resource, isXml: false, 20, CancellationToken.None);
            Line("enforce_first_s", Stopwatch.GetElapsedTime(from).TotalSeconds);
            Line("enforce_ms", await BestAsync(async () =>
            {
                for (var i = 0; i < 100; i++) await engine.ValidateAsync(resource, isXml: false, 20, CancellationToken.None);
            }) * 10);
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 100; i++) await engine.ValidateAsync(resource, isXml: false, 20, CancellationToken.None);
            Line("enforce_kb", (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 100e3);
            Line("enforce_mib", (GC.GetTotalMemory(forceFullCollection: true) - held) / (double)(1 << 20));
            GC.KeepAlive(engine);
        }

        void Line(string name, double value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.00}"));
    }

    private static double Best(int count, Action operation)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++) operation();
            best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalSeconds / count);
        }

        return best;
    }

    private static async Task<double> BestAsync(Func<Task> operation)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var from = Stopwatch.GetTimestamp();
            await operation();
            best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalSeconds);
        }

        return best;
    }

    private static async Task RewriteAsync(byte[] bundle)
    {
        await using var stream = new JsonUrlStream(new MemoryStream(bundle), new BaseMap(["https://server.example.org/r4"], Base), FaultSource.Backend);
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    private static byte[] Bundle(int bytes)
    {
        var text = new StringBuilder("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[");
        for (var i = 0; text.Length < bytes; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{{\"fullUrl\":\"https://server.example.org/r4/Patient/{i}\",\"resource\":").Append(Patient).Append('}');
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
