using System.Net;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Tests.Middleware.Transform;

/// <summary>What happens when a spec or a document is wrong.</summary>
public class TransformErrorTests
{
    private const int PassedUnchanged = 2402;
    private const string Secret = "Doe^John";

    /// <summary>Doubles the document with each operation, so that its work exceeds the limits.</summary>
    private static readonly string Explosive =
        "[" + string.Join(',', Enumerable.Repeat("""{"operation":"shift","spec":{"@":["a","b"]}}""", 40)) + "]";

    private const string BadMethod = """[{"operation":"shift","spec":{"data":"data","#G ET":"context.target_details.method"}}]""";

    [Theory]
    [InlineData("explosive", """{"name":"Doe^John"}""", 500)]
    [InlineData("method", """{"name":"Doe^John"}""", 500)]
    [InlineData("plain", """{"name":"Doe^John" """, 400)]
    [InlineData("plain", """{"name":"Doe^John","name":1}""", 400)]
    public async Task FailOnError_True_FailsAndFalsePassesUnchanged(string spec, string body, int status)
    {
        await using (var strict = await TransformRig.StartAsync(SpecOf(spec)))
        {
            using var refused = await strict.PostAsync(body);
            Assert.Equal(status, (int)refused.StatusCode);
            Assert.Empty(strict.Arrived);
            AssertSecrecy(strict);
        }

        await using var lenient = await TransformRig.StartAsync(SpecOf(spec), "fail_on_error = false");
        using var passed = await lenient.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        Assert.Equal(("POST", body, "application/json"), (lenient.Only.Method, lenient.Only.Body, lenient.Only.Headers["content-type"]));
        Assert.Equal(LogLevel.Warning, Assert.Single(lenient.Gateway.Log.Lines, l => l.EventId == PassedUnchanged).Level);
        AssertSecrecy(lenient);
    }

    [Theory]
    [InlineData("fail_on_error = true", 502, null)] // and a body that says so
    [InlineData("fail_on_error = false", 200, "{\"a\":Doe^John")]
    public async Task Answer_ThatIsNotJson_FailsOrPasses(string options, int status, string? body)
    {
        await using var rig = await TransformRig.StartAsync(SpecOf("plain"), $"apply = \"right\"\n{options}", "{\"a\":Doe^John");
        using var answer = await rig.SendAsync("GET", "/");
        Assert.Equal(status, (int)answer.StatusCode);
        var received = await answer.Content.ReadAsStringAsync();
        if (body is null) Assert.DoesNotContain("Doe", received, StringComparison.Ordinal);
        else Assert.Equal(body, received);
        AssertSecrecy(rig);
    }

    [Fact]
    public async Task Debug_LogsShapesAndNoValues()
    {
        await using var rig =
            await TransformRig.StartAsync("""[{"operation":"shift","spec":{"name":"list[]"}},{"operation":"shift","spec":{"list":""}}]""", "debug = true");
        using var answer = await rig.PostAsync("""{"name":"Doe^John"}""");
        Assert.Equal(
            ["middleware 't': result of operation 0 (shift): an object with 1 members", "middleware 't': result of operation 1 (shift): an array of 1"],
            rig.Gateway.Log.Lines.Where(l => l.EventId == 2403).Select(l => l.Message));
        AssertSecrecy(rig);
    }

    [Fact]
    public async Task Load_SaysWhichFormWasChosen()
    {
        await using var rig = await TransformRig.StartAsync(SpecOf("plain"));
        Assert.Equal(
            "middleware 't' applies 'spec.json' (shift); reads the body alone: the spec names neither 'data' nor 'context' at its top",
            rig.Gateway.Log.Lines.Single(l => l.EventId == 2401).Message);
    }

    [Theory]
    [InlineData("""{"operation":"shift"}""", "(3,13): error: spec.json: $: a chain is an array of at least one operation")]
    [InlineData("""[{"operation":"shift","spec":{"a":{"b":"x[["}}}]""", "(3,13): error: spec.json: operation 0 (shift), $[0].spec.a.b: ")]
    [InlineData(
        """[{"operation":"shfit","spec":{}}]""", "(3,13): error: spec.json: operation 0, $[0].operation: there is no operation 'shfit'; did you mean 'shift'?")]
    [InlineData("""[{"operation":""", "(3,13): error: spec.json: $: it is not JSON: ")]
    public async Task Spec_ThatIsWrong_IsAConfigurationErrorThatNamesThePlace(string spec, string expected)
    {
        var problems = await ProblemsAsync("spec_path = \"spec.json\"", new() { ["transforms/spec.json"] = spec });
        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spec_WithAWarning_RunsAndSaysIt()
        => Assert.StartsWith(
            "(3,13): warning: spec.json: operation 0 (modify-overwrite-beta), $[0].spec.a: there is no function 'toUper'",
            Assert.Single(await ProblemsAsync(
                "spec_path = \"spec.json\"", new() { ["transforms/spec.json"] = """[{"operation":"modify-overwrite-beta","spec":{"a":"=toUper"}}]""" })),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("spec_path = \"patient_to_fihr.json\"",
        "warning: cannot read the spec 'patient_to_fihr.json' of middleware 't': no such file; did you mean 'patient_to_fhir.json'?; pipelines that use 't' "
            + "respond with 503")]
    [InlineData("spec_path = \"zzz\"", "warning: cannot read the spec 'zzz' of middleware 't': no such file; specs belong into the folder 'transforms'")]
    [InlineData("spec_path = \"\"", "error: 'spec_path'")]
    [InlineData("apply = \"up\"\nspec_path = \"patient_to_fhir.json\"", "error: ")]
    [InlineData("", "warning: middleware 't' needs the key 'spec_path'; pipelines that use 't' respond with 503")]
    [InlineData("spec_path = \"patient_to_fhir.json\"\ntransform_ref = \"x\"",
        "warning: the key 'transform_ref' of middleware 't' has no effect; name the file of the spec by 'spec_path'")]
    public async Task Options_ThatAreWrong_AreSaidAtLoad(string options, string expected)
        => Assert.Contains(expected, Assert.Single(await ProblemsAsync(options, new() { ["transforms/patient_to_fhir.json"] = """[{"operation":"sort"}]""" })),
            StringComparison.Ordinal);

    /// <summary>Nothing runs without the step that cannot be there, also where its errors are to be overlooked.</summary>
    [Fact]
    public async Task Spec_ThatIsNotThere_ClosesThePipeline()
    {
        var main = BackendConfig.With(
            "[middleware.t]\ntype = \"transform\"\noptions = { spec_path = \"gone.json\", fail_on_error = false }\n[backends.b]\nservice = \"echo\"", "\"t\"");
        await using var gateway = await TestGateway.StartAsync(main);
        Assert.StartsWith("cannot read the spec 'gone.json' of middleware 't': no such file", gateway.Snapshot.Pipelines[0].InactiveReason,
            StringComparison.Ordinal);
        Assert.Equal(503, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    /// <summary>In the folder of transforms; by its path from the main file, as older documents have it; beside the file that names it.</summary>
    [Theory]
    [InlineData("spec.json", "transforms/spec.json")]
    [InlineData("transforms/spec.json", "transforms/spec.json")]
    [InlineData("sub/spec.json", "transforms/sub/spec.json")]
    [InlineData("../other/spec.json", "other/spec.json")]
    [InlineData("spec.json", "pipelines/spec.json")]
    [InlineData("spec.json", "spec.json")]
    public async Task SpecPath_IsFound(string path, string file)
    {
        var main = BackendConfig.With("[backends.b]\nservice = \"echo\"", "\"t\"");
        await using var gateway = await TestGateway.StartAsync(main, new Dictionary<string, string>
        {
            ["pipelines/t.toml"] = $"[middleware.t]\ntype = \"transform\"\noptions.spec_path = \"{path}\"",
            [file] = SpecOf("plain"),
        });
        Assert.StartsWith("applies shift of ", gateway.Snapshot.Pipelines[0].Left[0].Words[0], StringComparison.Ordinal);
    }

    private static string SpecOf(string name) => name switch
    {
        "explosive" => Explosive,
        "method" => BadMethod,
        _ => """[{"operation":"shift","spec":{"*":"&"}}]""",
    };

    private static void AssertSecrecy(TransformRig rig)
        => Assert.DoesNotContain(rig.Gateway.Log.Lines, l => $"{l.Message}{l.Exception}".Contains(Secret, StringComparison.Ordinal));

    private static Task<IReadOnlyList<string>> ProblemsAsync(string options, Dictionary<string, string> files)
    {
        var config =
            BackendConfig.With($"[middleware.t.options]\n\n{options}\n[middleware.t]\ntype = \"transform\"\n[backends.b]\nservice = \"echo\"", "\"t\"");
        return BackendConfig.ProblemsOfAsync(config, files);
    }
}
