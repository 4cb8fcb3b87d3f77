using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Middleware.SmartScopes;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>
/// Ten thousand random tokens and requests: the judge says what an evaluator says that looks at one scope after the other and at nothing else.
/// </summary>
public sealed class ScopePropertyTests
{
    private const string Base = "https://gateway/fhir";

    private static readonly HashSet<string> Shared = ["Practitioner", "Organization"];
    private static readonly string[] Types = ["Patient", "Observation", "Condition", "Practitioner", "Device", "Group"];
    private static readonly string[] Levels = ["patient", "user", "system"];
    private static readonly string[] Words = ["read", "write", "*", "r", "s", "rs", "cruds", "cud", "c", "u", "d", "cu", "sr", "rr", "", "reads", "x"];
    private static readonly string[] Conditions =
        ["", "", "", "?category=laboratory", "?category=laboratory,vital-signs", "?category=vital-signs&status=final", "?nonsense=1", "?code:in=x", "?"];
    private static readonly ScopeJudge Judge = new(new HashSet<string>(), new HashSet<string>());

    [Fact]
    public void Judge_SaysWhatAnObviousEvaluatorSays()
    {
        var random = new Random(20260102);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 10_000; i++)
        {
            var scopes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Scope(random)).ToArray();
            var patient = random.Next(4) == 0 ? null : random.Next(2) == 0 ? "1" : "2";
            var user = random.Next(5) switch { 0 => "Patient/2", 1 => "Practitioner/7", _ => null };
            var type = Types[random.Next(Types.Length)];
            var resource = Resource(random, type);
            var interaction = ((string[])["read", "create", "update", "delete", "search-type"])[random.Next(5)];

            var expected = Evaluate(scopes, patient, user, interaction, type, resource);
            var actual = IsAllowed(scopes, patient, user, interaction, type, resource);

            Assert.True(
                expected == actual, $"{string.Join(' ', scopes)} patient={patient} user={user} {interaction} {resource.ToJsonString()}: expected {expected}");
            var outcome = $"{interaction} {expected}";
            seen[outcome] = seen.GetValueOrDefault(outcome) + 1;
        }

        Assert.Equal(10, seen.Count);
        Assert.All(seen.Values, n => Assert.True(n > 100, $"{n}"));
    }

    private static string Scope(Random random)
    {
        var level = Levels[random.Next(3)];
        var type = random.Next(3) == 0 ? "*" : Types[random.Next(Types.Length)];
        return $"{level}/{type}.{Words[random.Next(Words.Length)]}{Conditions[random.Next(Conditions.Length)]}";
    }

    private static JsonObject Resource(Random random, string type)
    {
        var resource = new JsonObject
        {
            ["resourceType"] = type, ["id"] = random.Next(1, 3).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["status"] = random.Next(2) == 0 ? "final" : "draft"
        };
        if (type is "Observation" or "Condition") resource["subject"] = new JsonObject
        {
            ["reference"] = ((string[])["Patient/1", "Patient/2", $"{Base}/Patient/1", "Group/1", "https://other/Patient/1"])[random.Next(5)]
        };
        if (type == "Observation" && random.Next(2) == 0)
            resource["performer"] = new JsonArray(new JsonObject { ["reference"] = random.Next(2) == 0 ? "Patient/1" : "Practitioner/1" });
        if (type is "Observation") resource["category"] =
            new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = random.Next(2) == 0 ? "laboratory" : "vital-signs" }) });
        return resource;
    }

    /// <summary>What the middleware does with a resource that a request is about, a server aside.</summary>
    private static bool IsAllowed(string[] scopes, string? patient, string? user, string interaction, string type, JsonObject resource)
    {
        var identity = new Identity("jwt", "")
        {
            Claims = new[] { ("jwt.scope", string.Join(' ', scopes)), ("jwt.patient", patient),
            ("jwt.fhirUser", user) }.Where(c => c.Item2 is not null).ToDictionary(c => c.Item1, c => c.Item2!)
        };
        var token = SmartToken.Of(identity, ["scope"], Shared);
        var isWrite = interaction is "create" or "update";
        var ask = new SmartRequest(new FhirInteraction(interaction)
        {
            Type = type, Id = interaction is "create" or "search-type"
            ? ""
            : resource["id"]!.ToString()
        }, FhirQuery.Parse(""))
        {
            Body = isWrite ? resource.DeepClone() : null, BodyIsJson = true, PublicBase = Base,
        };
        var verdict = Judge.Judge(token, ask);
        if (verdict.Refusal is not null) return interaction == "search-type" && verdict.Refusal.Text.Contains("name the one", StringComparison.Ordinal)
            && token.For(type, ScopeAccess.Search).Any(g => g.Shows(resource, type, Base));
        if (verdict.Stored is { } grants && !grants.Any(g => g.Shows(resource, type, Base))) return false;
        return verdict.Check switch
        {
            ResponseCheck.Resource => token.For(type, ScopeAccess.Read).Any(g => g.Shows(resource, type, Base)),
            ResponseCheck.Searchset => token.For(type, ScopeAccess.Search).Any(g => g.Shows(resource, type, Base)),
            _ => true,
        };
    }

    private static bool Evaluate(string[] scopes, string? patient, string? user, string interaction, string type, JsonObject resource)
        => scopes.Any(s => Allows(s, patient, user, interaction, type, resource, asStored: true))
            && (interaction != "update" || scopes.Any(s => Allows(s, patient, user, interaction, type, resource, asStored: false)));

    private static bool Allows(string scope, string? patient, string? user, string interaction, string type, JsonObject resource, bool asStored)
    {
        var (head, condition) = scope.Split('?') is [var h, var c] ? (h, c) : (scope, null);
        var (level, rest) = (head.Split('/')[0], head.Split('/')[1]);
        var (named, word) = (rest.Split('.')[0], rest.Split('.')[1]);
        if (named != "*" && named != type) return false;
        var letters = word switch
        {
            "read" when condition is null => "rs",
            "write" when condition is null => "cud",
            "*" when condition is null => "cruds",
            "r"
            or "s" or "rs" or "cruds" or "cud" or "c" or "u" or "d" or "cu" => word,
            _ => ""
        };
        var letter = interaction switch { "read" => 'r', "create" => 'c', "update" => 'u', "delete" => 'd', _ => 's' };
        if (!letters.Contains(letter, StringComparison.Ordinal)) return false;
        foreach (var part in condition?.Split('&') ?? [])
        {
            var (name, values) = part.Split('=') is [var n, var v] ? (n, v.Split(',')) : (part, []);
            var value = name == "category" && type == "Observation"
                ? resource["category"]![0]!["coding"]![0]!["code"]!.ToString()
                : name == "status" && type == "Observation" ? resource["status"]!.ToString() : null;
            if (value is null || !values.Contains(value)) return false;
        }

        var owner = level == "patient"
            ? patient
            : level == "user" && user?.StartsWith("Patient/", StringComparison.Ordinal) == true ? user["Patient/".Length..] : "everybody";
        if (owner is null) return false;
        if (owner == "everybody") return true;
        if (type == "Practitioner") return letter is 'r' or 's';
        if (type is "Device" or "Group") return false;
        if (type == "Patient") return resource["id"]!.ToString() == owner;
        string[] mine = [$"Patient/{owner}", $"{Base}/Patient/{owner}"];
        var subject = resource["subject"]!["reference"]!.ToString();
        var performer = resource["performer"]?[0]!["reference"]!.ToString() ?? "";
        if (interaction is "create" || (interaction == "update" && !asStored))
            return mine.Contains(subject) && (performer.Length == 0 || performer == "Practitioner/1" || mine.Contains(performer));
        return mine.Contains(subject) || mine.Contains(performer);
    }
}
