using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Tests.Middleware.LogDump;

public sealed class LogDumpMiddlewareTests
{
    private const int Dumped = 2601;

    [Fact]
    public async Task Dump_BothSides_SecretsAreHiddenAndTheRestIsThere()
    {
        await using var gateway = await StartAsync("""
            label = "stage"
            redact_headers = ["x-mine"]
            redact_metadata = ["client_ip"]
            redact_data_fields = ["ssn", "patient.name"]
            """);
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders?access_token=SECRET1&page=2")
        {
            Content = new StringContent("""{"ssn":"SECRET2","patient":{"name":"SECRET3","id":7},"password":"SECRET4","hospital_x":"SECRET5"}""", Encoding.UTF8,
                "application/json"),
        };
        request.Headers.TryAddWithoutValidation("authorization", "Bearer SECRET6");
        request.Headers.TryAddWithoutValidation("cookie", "session=SECRET7");
        request.Headers.TryAddWithoutValidation("x-mine", "SECRET8");
        request.Headers.TryAddWithoutValidation("hospital_key", "SECRET9");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var lines = gateway.Log.Lines.Where(l => l.EventId == Dumped).ToList();
        Assert.All(lines, l => Assert.Equal(("harmony.dump", LogLevel.Information), (l.Category, l.Level)));
        Assert.All(lines, l => Assert.DoesNotContain("SECRET", l.Message, StringComparison.Ordinal));
        var (left, right) = (DumpOf(lines[0], "left"), DumpOf(lines[1], "right"));
        Assert.Equal("/orders?access_token=<redacted>&page=2", left["request_details"]!["uri"]!.GetValue<string>());
        Assert.Equal("<redacted>", left["request_details"]!["cookies"]!["session"]!.GetValue<string>());
        Assert.Equal("<redacted>", left["request_details"]!["metadata"]!["client_ip"]!.GetValue<string>());
        Assert.Equal("orders", left["request_details"]!["metadata"]!["path"]!.GetValue<string>());
        Assert.Equal(("json", "Success", 97), Facts(left["request_details"]!));
        Assert.Equal(("json", "Success", 17), Facts(right["response_details"]!));
        Assert.False(left.AsObject().ContainsKey("normalized_snapshot"));
        Assert.Equal(7, left["normalized_data"]!["patient"]!["id"]!.GetValue<int>());
        Assert.Equal(200, right["response_details"]!["status"]!.GetValue<int>());
        Assert.NotNull(right["normalized_data"]!["full_path"]);
    }

    [Fact]
    public async Task Dump_LevelOff_BodyIsNotEvenRead()
    {
        await using var gateway = await StartAsync("", quiet: true, proxy: "content_limits.max_body_size = 10");
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.GetAsync("/big");
        Assert.Equal(100, (await answer.Content.ReadAsByteArrayAsync()).Length); // above the limit of what may be held
        Assert.False(gateway.Log.Has(Dumped));
    }

    [Theory]
    [InlineData("/big", null)] // larger than what may be held
    [InlineData("/stream", "data: 1\n\n")] // its end may be far away
    public async Task Dump_BodyThatCannotBeShown_PassesAsItIs(string path, string? expected)
    {
        await using var gateway = await StartAsync("apply = \"right\"", proxy: "content_limits.max_body_size = 90");
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        if (expected is not null) Assert.Equal(expected, body);
        var dump = DumpOf(Assert.Single(gateway.Log.Lines, l => l.EventId == Dumped), "right", "dump");
        Assert.StartsWith("not shown: ", dump["body"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_Text_ShowsItAndPassesItOn()
    {
        await using var gateway = await StartAsync("apply = \"right\"");
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal("hello", await client.GetStringAsync("/text"));
        var dump = DumpOf(Assert.Single(gateway.Log.Lines, l => l.EventId == Dumped), "right", "dump");
        Assert.Equal("hello", dump["normalized_data"]!.GetValue<string>());
    }

    [Fact]
    public async Task Dump_LargerThanMaxBytes_IsCut()
    {
        await using var gateway = await StartAsync("apply = \"left\"\nmax_bytes = 256\npretty = false");
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("/", new StringContent($$"""{"a":"{{new string('ä', 500)}}"}""", Encoding.UTF8, "application/json"));
        var text = gateway.Log.Lines.Single(l => l.EventId == Dumped).Message["dump left: ".Length..];
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 256, 300);
        Assert.Matches(@"… \(\d+ more bytes\)$", text);
        Assert.DoesNotContain('\uFFFD', text);
    }

    [Fact]
    public async Task Dump_Pretty_IsIndented_OtherwiseOneLine()
    {
        await using var pretty = await StartAsync("apply = \"left\"");
        await using var plain = await StartAsync("apply = \"left\"\npretty = false");
        await TestClient.Http1(pretty.Url).GetStringAsync("/text");
        await TestClient.Http1(plain.Url).GetStringAsync("/text");
        Assert.StartsWith("dump left: {\n  \"label\": \"dump\",\n  \"side\": \"left\",\n", pretty.Log.Lines.Single(l => l.EventId == Dumped).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("dump left: {\"label\":\"dump\",\"side\":\"left\",", plain.Log.Lines.Single(l => l.EventId == Dumped).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_AfterATransform_ShowsWhatWasThereBefore_AndTheSizeReceived()
    {
        await using var gateway = await StartAsync("redact_data_fields = [\"ssn\"]", chain: "\"t\", \"dump\"", more: """
            [middleware.t]
            type = "transform"
            options.spec_path = "spec.json"
            options.apply = "left"
            """);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("/", new StringContent("""{"a":1,"ssn":"SECRET"}""", Encoding.UTF8, "application/json"));
        var lines = gateway.Log.Lines.Where(l => l.EventId == Dumped).ToList();
        var left = DumpOf(lines[0], "left", "dump");
        Assert.Equal("""{"renamed":1}""", left["normalized_data"]!.ToJsonString());
        Assert.Equal("""{"a":1,"ssn":"<redacted>"}""",
            left["normalized_snapshot"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(("json", "Success", 22), Facts(left["request_details"]!));
        Assert.False(DumpOf(lines[1], "right", "dump").AsObject().ContainsKey("normalized_snapshot"));
    }

    private static (string Format, string Status, int Size) Facts(JsonNode details)
    {
        var facts = details["content_metadata"]!;
        return ((string)facts["format"]!, (string)facts["parse_status"]!, (int)facts["original_size"]!);
    }

    private static JsonNode DumpOf(RecordedLine line, string side, string label = "stage")
    {
        var head = $"{label} {side}: ";
        Assert.StartsWith(head, line.Message, StringComparison.Ordinal);
        return JsonNode.Parse(line.Message[head.Length..])!;
    }

    private static async Task<TestGateway> StartAsync(string options, bool quiet = false, string proxy = "", string chain = "\"dump\"", string more = "")
    {
        var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentType =
                context.Request.Path.Value switch { "/text" => "text/plain", "/stream" => "text/event-stream", _ => "application/json" };
            switch (context.Request.Path.Value)
            {
                case "/big":
                    context.Response.ContentLength = 100;
                    await context.Response.WriteAsync($"\"{new string('x', 98)}\"");
                    break;
                case "/text":
                    context.Response.ContentLength = 5;
                    await context.Response.WriteAsync("hello");
                    break;
                case "/stream":
                    await context.Response.WriteAsync("data: 1\n\n");
                    break;
                default:
                    await context.Response.WriteAsync("""{"full_path":"x"}""");
                    break;
            }
        });
        return await TestGateway.StartAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            sensitive_field_patterns = ["hospital_*"]
            {proxy}
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [pipelines.p]
            networks = ["main"]
            endpoints = ["all"]
            middleware = [{chain}]
            backends = ["origin"]
            [endpoints.all]
            service = "http"
            options.path_prefix = "/"
            [backends.origin]
            service = "http"
            options.base_url = "{origin.Url}"
            [middleware.dump]
            type = "log_dump"
            [middleware.dump.options]
            {options}
            {more}
            """, new Dictionary<string, string> { ["transforms/spec.json"] = """[{"operation":"shift","spec":{"a":"renamed"}}]""" }, quiet: quiet);
    }
}
