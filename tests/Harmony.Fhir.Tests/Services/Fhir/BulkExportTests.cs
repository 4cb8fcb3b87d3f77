using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fhir.Tests.Middleware.SmartScopes;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>A bulk export (https://hl7.org/fhir/uv/bulkdata/export.html) from its start to its end, and other long responses.</summary>
public sealed class BulkExportTests
{
    private const string File = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n";

    [Fact]
    public async Task Export_GoesThroughTheGateway_FromStartToEnd()
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server.Url + "r4", """export_paths = ["_operations/export"]""");
        using var client = TestClient.Http1(gateway.Url);

        using var started = await AskAsync(client, "GET", "/fhir/$export?_type=Patient", "system/*.rs", m => m.Headers.Add("Prefer", "respond-async"));
        Assert.Equal(202, (int)started.StatusCode);
        var status = started.Content.Headers.ContentLocation!.ToString();
        Assert.StartsWith($"{gateway.Url}fhir/_operations/export/7", status, StringComparison.Ordinal);
        using var running = await AskAsync(client, "GET", new Uri(status).PathAndQuery, "system/*.rs");
        Assert.Equal((202, "50%"), ((int)running.StatusCode, running.Headers.GetValues("X-Progress").Single()));
        using var done = await AskAsync(client, "GET", new Uri(status).PathAndQuery, "system/*.rs");
        var manifest = JsonNode.Parse(await done.Content.ReadAsStringAsync())!;
        Assert.Equal($"{gateway.Url}fhir/$export?_type=Patient", manifest["request"]!.ToString());
        var url = manifest["output"]![0]!["url"]!.ToString();
        Assert.StartsWith($"{gateway.Url}fhir/", url, StringComparison.Ordinal);
        using var file = await AskAsync(client, "GET", new Uri(url).PathAndQuery, "system/*.rs", m => m.Headers.Accept.ParseAdd("application/fhir+ndjson"));
        Assert.Equal("application/fhir+ndjson", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal(File, await file.Content.ReadAsStringAsync());
        using var ended = await AskAsync(client, "DELETE", new Uri(status).PathAndQuery, "system/*.rs");
        Assert.Equal(202, (int)ended.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/fhir/$export", "patient/*.rs", 403)]
    [InlineData("GET", "/fhir/Patient/$export", "patient/*.rs", 403)]
    [InlineData("POST", "/fhir/Group/1/$export", "patient/*.cruds", 403)]
    [InlineData("GET", "/fhir/$export", "system/Patient.rs", 403)]
    [InlineData("GET", "/fhir/$export", "system/*.rs?_tag=x", 403)]
    [InlineData("GET", "/fhir/_operations/export/7", "patient/*.rs", 403)]
    [InlineData("GET", "/fhir/_operations/export/7/Patient.ndjson", "patient/*.rs", 403)]
    [InlineData("DELETE", "/fhir/_operations/export/7", "patient/*.cruds", 403)]
    [InlineData("GET", "/fhir/$export-poll-status?_jobId=7", "patient/*.rs", 403)]
    [InlineData("GET", "/fhir/Binary/7", "patient/*.rs", 403)]
    [InlineData("PUT", "/fhir/_operations/export/7", "system/*.cruds", 404)]
    [InlineData("GET", "/fhir/_operations/exports/7", "system/*.cruds", 404)]
    [InlineData("GET", "/fhir/_operations/export/../../admin", "patient/*.rs", 404)]
    public async Task RestrictedToken_GetsNothingOfAnExport(string method, string path, string scope, int status)
    {
        var asked = 0;
        await using var server = await KestrelOrigin.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(server.Url + "r4", """export_paths = ["_operations/export"]""");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await AskAsync(client, method, path, scope);

        Assert.Equal((status, 0), ((int)response.StatusCode, asked));
        Assert.Equal("OperationOutcome", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["resourceType"]!.ToString());
    }

    [Theory]
    [InlineData("/fhir/Patient", "application/fhir+json", "{\"resourceType\":\"Bundle\",\"entry\":[{\"fullUrl\":\"urn:x\"}", "]}")]
    [InlineData("/fhir/Patient", "application/fhir+xml", "<Bundle xmlns=\"http://hl7.org/fhir\"><entry><fullUrl value=\"urn:x\"/>", "</entry></Bundle>")]
    [InlineData("/fhir/Binary/7", "application/fhir+ndjson", File, File)]
    public async Task FirstByte_LeavesBeforeTheLastHasCome(string path, string type, string first, string last)
    {
        var seen = Guard.NewSignal();
        await using var server = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(first);
            await context.Response.Body.FlushAsync();
            await seen.Task.Guarded();
            await context.Response.WriteAsync(last);
        });
        await using var gateway = await StartAsync(server.Url + "r4", middleware: "\"token\"");
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = Bearer("system/*.cruds");
        request.Headers.Accept.ParseAdd(type);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var start = new byte[first.Length];
        await body.ReadExactlyAsync(start).AsTask().Guarded();
        seen.SetResult();
        using var rest = new StreamReader(body);

        Assert.Equal(first + last, Encoding.UTF8.GetString(start) + await rest.ReadToEndAsync());
    }

    [Theory]
    [InlineData("/fhir/Patient", "application/fhir+json", "{\"resourceType\":\"Bundle\",\"entry\":[")]
    [InlineData("/fhir/Patient", "application/fhir+xml", "<Bundle xmlns=\"http://hl7.org/fhir\"><entry>")]
    [InlineData("/fhir/Binary/7", "application/fhir+ndjson", File)]
    public async Task ClientThatLeaves_EndsTheReadOfTheServer(string path, string type, string first)
    {
        var gone = Guard.NewSignal();
        await using var server = await KestrelOrigin.StartAsync(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            context.Response.ContentType = type;
            await context.Response.WriteAsync(first);
            await context.Response.Body.FlushAsync();
            await gone.Task.Guarded();
        });
        await using var gateway = await StartAsync(server.Url + "r4", middleware: "\"token\"");
        using var client = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Url.Port));

        await client.WriteAsync($"GET {path} HTTP/1.1\r\nHost: {gateway.Url.Authority}\r\nAuthorization: {Bearer("system/*.cruds")}\r\nAccept: {type}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(first, await client.ReadChunkAsync().Guarded());
        client.Reset();

        await gone.Task.Guarded();
    }

    private static Task<KestrelOrigin> ServerAsync()
    {
        var looks = 0;
        return KestrelOrigin.StartAsync(async context =>
        {
            var (response, own) = (context.Response, $"http://{context.Request.Host}/r4");
            switch (context.Request.Method, context.Request.Path.Value)
            {
                case ("GET", "/r4/$export"):
                    response.StatusCode = 202;
                    response.Headers.ContentLocation = own + "/_operations/export/7?token=a";
                    break;
                case ("GET", "/r4/_operations/export/7") when looks++ == 0:
                    response.StatusCode = 202;
                    response.Headers["X-Progress"] = "50%";
                    break;
                case ("GET", "/r4/_operations/export/7"):
                    response.ContentType = "application/json";
                    await response.WriteAsync($$"""{"transactionTime":"2026-01-02T03:04:05Z","request":"{{own}}/$export?_type=Patient","requiresAccessToken":true,"output":[{"type":"Patient","url":"{{own}}/_operations/export/7/Patient.ndjson"}],"error":[]}""");
                    break;
                case ("GET", "/r4/_operations/export/7/Patient.ndjson"):
                    response.ContentType = "application/fhir+ndjson";
                    await response.WriteAsync(File);
                    break;
                case ("DELETE", "/r4/_operations/export/7"):
                    response.StatusCode = 202;
                    break;
                default:
                    response.StatusCode = 404;
                    break;
            }
        });
    }

    private static async Task<HttpResponseMessage> AskAsync(
        HttpClient client, string method, string path, string scope, Action<HttpRequestMessage>? change = null)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), path);
        message.Headers.Authorization = Bearer(scope);
        change?.Invoke(message);
        if (method is "PUT" or "POST")
            message.Content = new StringContent("{\"resourceType\":\"Parameters\"}", Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));
        return await client.SendAsync(message);
    }

    private static AuthenticationHeaderValue Bearer(string scope) => new("Bearer", SmartGateway.Token(scope));

    private static Task<TestGateway> StartAsync(string server, string endpoint = "", string middleware = "\"token\", \"smart\"")
    {
        var config = FhirConfig.For(server) with { Middleware = $"[{middleware}]", Tables = SmartGateway.Middleware(), Endpoint = endpoint };
        return config.StartAsync();
    }
}
