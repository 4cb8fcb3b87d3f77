using System.Net;
using Harmony.Data.Tests.Middleware.Transform;
using Harmony.Testing;

namespace Harmony.Data.Tests.Middleware.MetadataTransform;

public class MetadataTransformMiddlewareTests
{
    /// <summary>Puts the metadata into the body, where the test sees them.</summary>
    private const string Show = """[{"operation":"shift","spec":{"context":{"request_details":{"metadata":{"*":"data.&"}}}}}]""";

    [Theory]
    [InlineData("""[{"operation":"default","spec":{"webhook.w":"{}","secret":"s"}}]""", "webhook.w={} secret=s path=a")]
    [InlineData("""[{"operation":"shift","spec":{"path":"was"}}]""", "was=a path=a")] // what is not named stays
    [InlineData("""[{"operation":"modify-overwrite-beta","spec":{"path":"=toUpper"}}]""", "path=A")]
    [InlineData("""[{"operation":"shift","spec":{"*":"&","#find":"metadata.dimse_op"}}]""", "dimse_op=find path=a")] // written for target details
    [InlineData("""[{"operation":"default","spec":{"n":1,"list":["x"],"nothing":null}}]""", "path=a")] // strings only
    [InlineData("""[{"operation":"shift","spec":{"nothing":"x"}}]""", "path=a")]
    public async Task Metadata_MadeByASpec_AreAddedToThoseThere(string spec, string expected)
    {
        await using var rig = await StartAsync(spec, "");
        using var answer = await rig.SendAsync("POST", "/a", "{}");
        var seen = System.Text.Json.Nodes.JsonNode.Parse(rig.Only.Body)!.AsObject();
        foreach (var pair in expected.Split(' ').Select(p => p.Split('='))) Assert.Equal(pair[1], (string?)seen[pair[0]]);
        Assert.DoesNotContain("list", seen.Select(m => m.Key));
        Assert.Equal("http", (string?)seen["protocol"]);
    }

    [Fact]
    public async Task SkipBackends_InMetadata_AnswersFromTheBody()
    {
        await using var rig = await StartAsync("""[{"operation":"default","spec":{"skip_backends":"true"}}]""", "", ["m"]);
        using var answer = await rig.SendAsync("POST", "/a", """{"response":{"status":410}}""");
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Empty(rig.Arrived);
    }

    /// <summary>Output without method and URI leaves both as they are; parameters that are not named stay.</summary>
    [Theory]
    [InlineData("""{"query_params":{"patient":{"0":"metadata.PatientID"}}}""", "DELETE /a/b?patient=P1&x=y")]
    [InlineData("""{"method":"headers.x-method"}""", "DELETE /a/b?patient=P1&x=y")]
    [InlineData("""{"query_params":{"patient":{"0":"query_params.id"}}}""", "DELETE /a/b?patient=P1&x=y&id=P1")]
    [InlineData("""{"#PUT":"method","query_params":{"patient":{"0":"uri"}}}""", "PUT /P1?patient=P1&x=y")]
    [InlineData("""{"*":"&"}""", "DELETE /a/b?patient=P1&x=y")]
    public async Task TargetDetails_InPart_ChangeThatPartAlone(string shift, string expected)
    {
        await using var rig = await StartAsync($$"""[{"operation":"shift","spec":{{shift}}}]""", "transform_target = \"target_details\"", ["m"]);
        using var answer = await rig.SendAsync("DELETE", "/a/b?patient=P1&x=y", "streamed");
        Assert.Equal(expected, $"{rig.Only.Method} {rig.Only.Target}");
        Assert.Equal("streamed", rig.Only.Body);
    }

    [Fact]
    public async Task Spec_ThatReadsWhatMetadataDoNotHave_IsWarnedAbout()
    {
        var config = BackendConfig.With("[middleware.m]\ntype = \"metadata_transform\"\nspec_path = \"m.json\"\n[backends.b]\nservice = \"echo\"", "\"m\"");
        var problems = await BackendConfig.ProblemsOfAsync(
            config, new Dictionary<string, string> { ["transforms/m.json"] = """[{"operation":"shift","spec":{"query_params":"x"}}]""" });
        Assert.Equal(
            ["(3,13): warning: the spec of middleware 'm' reads 'query_params', which metadata do not have; transform_target = \"target_details\" offers it"],
            problems);
    }

    private static Task<TransformRig> StartAsync(string spec, string options, string[]? chain = null) => TransformRig.StartAsync(
        _ => $"""
            middleware = [{string.Join(", ", (chain ?? ["m", "show"]).Select(n => $"\"{n}\""))}]
            [middleware.m]
            type = "metadata_transform"
            [middleware.m.options]
            spec_path = "m.json"
            {options}
            [middleware.show]
            type = "transform"
            options.spec_path = "show.json"
            """,
        new() { ["transforms/m.json"] = spec, ["transforms/show.json"] = Show });
}
