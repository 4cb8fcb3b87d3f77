using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Management;
using Harmony.JsonSchema.Loading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management;

/// <summary>The description of the API: every operation stands in it, and what a gateway responds with fits the schemas.</summary>
public sealed class OpenApiTests
{
    private static readonly string Dead = ManagedGateway.DeadPipeline(FreePort.Take());

    /// <summary>Operations whose path has parameters, or whose body is needed, as they are asked for here.</summary>
    private static readonly Dictionary<string, (string Path, string? Body)> Asked = new(StringComparer.Ordinal)
    {
        ["POST targets/{backend}/{target}/drain"] = ("targets/dead/dead/drain", null),
        ["POST targets/{backend}/{target}/enable"] = ("targets/dead/dead/enable", null),
        ["POST config/rollback/{version}"] = ("config/rollback/1", null),
        ["POST config/validate"] = ("config/validate", """{"files":{"config.toml":"[proxy]\nname = 7"}}"""),
        ["POST try"] = ("try", """{"method":"GET","path":"/one"}"""),
        ["PUT log-level"] = ("log-level", """{"level":"debug"}"""),
        ["POST log-level"] = ("log-level", """{"level":"info"}"""),
    };

    [Fact]
    public async Task EveryOperation_StandsInIt_AndRespondsAsItsSchemaSays()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: Dead);
        foreach (var path in new[] { "/dead", "/nothing" }) await gateway.Gateway.GetAsync(path);
        var document = (await gateway.GetAsync("openapi.json")).Answer;
        var operations = new ManagementApi(gateway.Gateway.Host.Snapshot.Config.Management).Operations;
        Assert.Equal(
            operations.Select(o => $"{o.Method} /{o.Path}").Order(StringComparer.Ordinal),
            document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}"))
            .Order(StringComparer.Ordinal));

        // The gateway takes leave at the end.
        foreach (var operation in operations.Where(o => o.Response is not null).OrderBy(o => o.Path == "drain"))
        {
            var (path, body) = Asked.GetValueOrDefault($"{operation.Method} {operation.Path}", (operation.Path, null));
            var (status, answer) = await gateway.SendAsync(new HttpMethod(operation.Method), path, body);
            // Without a cloud, what is about one is refused.
            var expected = operation is { Response: "CloudOutcome" } ? HttpStatusCode.Forbidden : (HttpStatusCode)operation.Status;
            Assert.True(expected == status, $"{operation.Method} {path}: {status} {answer}");
            AssertFits(document, expected == HttpStatusCode.Forbidden ? ResponseSchemas.Error : operation.Response!, answer);
        }

        AssertFits(document, ResponseSchemas.Error, (await gateway.GetAsync("nothing")).Answer);
    }

    [Fact]
    public async Task Schemas_AreExact()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var document = (await gateway.GetAsync("openapi.json")).Answer;
        var (_, info) = await gateway.GetAsync("info");
        info["more"] = 1;
        Assert.NotEmpty(Violations(document, "Info", info));
        info.Remove("more");
        Assert.Empty(Violations(document, "Info", info));
        info.Remove("version");
        Assert.NotEmpty(Violations(document, "Info", info));
    }

    [Fact]
    public async Task Page_ShowsEveryOperationAndSchema_AndLoadsNothing()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var response = await gateway.Anybody.GetAsync("/admin/api");
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (response.StatusCode, $"{response.Content.Headers.ContentType}"));
        Assert.StartsWith("default-src 'none'", Assert.Single(response.Headers.GetValues("content-security-policy")), StringComparison.Ordinal);
        foreach (var operation in new ManagementApi(gateway.Gateway.Host.Snapshot.Config.Management).Operations)
        {
            Assert.Contains($"<code>{operation.Method} {$"/admin/{operation.Path}".TrimEnd('/')}</code>", page, StringComparison.Ordinal);
            if (operation.Response is { } name) Assert.Contains($"<h3 id=\"{name}\">", page, StringComparison.Ordinal);
        }

        Assert.Contains("<h2><code>POST /admin/reload</code></h2>", page, StringComparison.Ordinal);
        Assert.Contains("<p class=\"soft\">It needs proof. Responds with", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    private static void AssertFits(JsonObject document, string name, JsonNode answer)
        => Assert.True(Violations(document, name, answer) is { Count: 0 }, $"{name}: {string.Join("; ", Violations(document, name, answer))}\n{answer}");

    private static IReadOnlyList<string> Violations(JsonObject document, string name, JsonNode answer)
    {
        // Where a schema that stands by itself keeps what it refers to.
        var definitions = JsonNode.Parse(document["components"]!["schemas"]!.ToJsonString()
            .Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        var schemas = new JsonObject { ["$ref"] = $"#/$defs/{name}", ["$defs"] = definitions };
        List<SchemaMistake> mistakes = [];
        var schema = CompiledSchema.From([("/openapi.json", schemas)], assertsFormats: false, mistakes);
        Assert.Empty(mistakes);
        return [.. schema!.Check(answer, 10).Select(v => $"{v.InstanceLocation}: {v.Message}")];
    }
}
