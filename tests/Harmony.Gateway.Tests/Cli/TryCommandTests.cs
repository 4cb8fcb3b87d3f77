using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>What would become of a request: each part says what it did, and nobody is asked.</summary>
public sealed class TryCommandTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Request_EachPartSaysWhatItDid_AndNobodyIsAsked()
    {
        await using var origin = await KestrelOrigin.StartAsync(_ => throw new InvalidOperationException("nobody is to ask"));
        Write(origin.Url.ToString(), origin.Url.ToString());
        var run = await TryAsync("POST", "/orders/7?x=1", "-d", "{\"a\":1,\"c\":2}", "--as", "sub=ann");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                "POST /orders/7?x=1 on network 'main', pipeline 'orders'",
                "  endpoint 'orders' (http) takes the request; path for the backend: /7",
                "  middleware 'who' (jwt_auth) is taken to have found sub=ann (--as)",
                "      + metadata jwt.sub: ann",
                "  middleware 'rules' (policies) goes on",
                "      log [2501] harmony.policies: policies 'rules': accepted; rules in order: 'sub' (100) allows",
                "  middleware 'reshape' (transform) goes on",
                "      - header content-length",
                "      body:",
                "          {",
                "        -   \"a\": 1,",
                "        +   \"b\": 1,",
                "            \"c\": 2",
                "          }",
                "  middleware 'audit' (webhook) is left out, as it acts outside of the request; --send lets it",
                "  backend 'orders' (http) would ask",
                $"      POST {origin.Url}api/7?x=1 (target 'orders')",
                "→ nothing was sent; --send asks the backend too",
            ],
            run.Lines);
    }

    /// <summary>Services that send by HTTP name the URL that they would ask, too.</summary>
    [Theory]
    [InlineData("fhir", "Patient/1")]
    [InlineData("dicomweb", "studies")]
    public async Task Request_ForABackendOverHttp_NamesTheUrl(string service, string path)
    {
        _folder.Write("config.toml", $"""
            [proxy]
            name = "t"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = {FreePort.Take()}
            [pipelines.p]
            networks = ["main"]
            endpoints = ["p"]
            backends = ["far"]
            [endpoints.p]
            service = "http"
            options.path_prefix = "/p"
            [backends.far]
            service = "{service}"
            options.base_url = "http://127.0.0.1:9/base"
            """);
        var run = await TryAsync("GET", $"/p/{path}");
        Assert.Contains($"      GET http://127.0.0.1:9/base/{path} (target 'far')", run.Lines);
    }

    [Theory]
    [InlineData(403, "'sub' (100) no opinion", "GET", "/orders/7", "--as", "sub=bob")]
    [InlineData(401, "middleware 'who' (jwt_auth) refuses with 401", "GET", "/orders/7")]
    [InlineData(404, "no route of 'main' takes this path", "GET", "/order")]
    [InlineData(400, "→ 400: ", "GET", "/orders/%zz")]
    [InlineData(400, "middleware 'reshape' (transform) fails: the body is not JSON", "PUT", "/orders/7", "--as", "sub=ann", "-d", "nonsense")]
    [InlineData(404, "there is no network 'mian'", "GET", "/orders/7", "--network", "mian")]
    public async Task RequestThatIsRefused_SaysWhoRefusesAndWhy(int status, string reason, params string[] args)
    {
        Write("http://127.0.0.1:9", "http://127.0.0.1:9");
        var run = await TryAsync(args);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
        Assert.StartsWith($"→ {status}: ", run.Lines[^1], StringComparison.Ordinal);
        var json = JsonNode.Parse((await TryAsync([.. args, "--json"])).Output)!;
        Assert.Equal((status, args[1]), ((int)json["status"]!, $"{json["path"]}"));
    }

    [Fact]
    public async Task Send_AsksTheBackend_AndShowsTheWayBack()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.Headers.SetCookie = "session=do-not-show";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"a\":\"answered\"}");
        });
        Write(origin.Url.ToString(), origin.Url.ToString());
        var run = await TryAsync("POST", "/orders/7", "-d", "{\"a\":1}", "--as", "sub=ann", "--send", "-H", "Cookie: secret=do-not-show");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("  backend 'orders' (http) answers 200 (target 'orders')", run.Lines);
        Assert.Contains("  middleware on the way back 'back' (transform) goes on", run.Lines);
        Assert.Contains("        +   \"b\": \"answered\"", run.Lines);
        Assert.Contains("→ 200: the response", run.Lines);
        Assert.DoesNotContain("do-not-show", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_BackendThatIsDown_SaysWhy()
    {
        Write($"http://127.0.0.1:{FreePort.Take()}", "http://127.0.0.1:9");
        var run = await TryAsync("GET", "/plain", "--send");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(http) fails: ", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("→ 502: ", run.Lines[^1], StringComparison.Ordinal);
    }

    /// <summary>A step that has to know what is stored before it lets a resource be deleted says so, and asks only with --send.</summary>
    [Fact]
    public async Task StepThatAsksTheBackend_SaysSo_AndAsksOnlyWithSend()
    {
        var asked = new ConcurrentQueue<string>();
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            asked.Enqueue($"{context.Request.Method} {context.Request.Path}");
            context.Response.ContentType = "application/fhir+json";
            return context.Response.WriteAsync("""{"resourceType":"Observation","id":"lab1","status":"final","subject":{"reference":"Patient/1"}}""");
        });
        WriteFhir(origin.Url.ToString());
        string[] args = ["DELETE", "/fhir/Observation/lab1", "--as", "scope=patient/Observation.cruds", "--as", "patient=1"];
        var run = await TryAsync(args);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("  middleware 'smart' (smart_scopes) asks the backend before it decides; --send lets it", run.Lines);
        Assert.Contains("  backend 'server' (fhir) would ask", run.Lines);
        Assert.Equal("→ nothing was sent; --send asks the backend too", run.Lines[^1]);
        Assert.Empty(asked);

        var sending = await TryAsync([.. args, "--send"]);
        Assert.Equal((0, ""), (sending.ExitCode, sending.Error));
        Assert.Contains("  middleware 'smart' (smart_scopes) goes on", sending.Lines);
        Assert.Equal(["GET /Observation/lab1", "DELETE /Observation/lab1"], asked);

        var other = await TryAsync(["DELETE", "/fhir/Observation/lab1", "--as", "scope=patient/Observation.cruds", "--as", "patient=2", "--send"]);
        Assert.StartsWith("→ 404: ", other.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("GET /Observation/lab1", asked.Last());
    }

    /// <summary>Who steers a gateway may not therefore use what is behind it: a running gateway sends nothing, whoever asks.</summary>
    [Fact]
    public async Task RunningGateway_SaysTheSame_AndSendsNothing()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var run = await CommandLine.RunAsync(gateway.Gateway.Folder, "try", "GET", "/one/x", "--running", "-c", "FOLDER/config.toml");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("  backend 'answer' (echo) would get it", run.Lines);
        var sending = await CommandLine.RunAsync(gateway.Gateway.Folder, "try", "GET", "/one/x", "--running", "--send", "-c", "FOLDER/config.toml");
        Assert.Equal(2, sending.ExitCode);
        var (status, answer) = await gateway.PostAsync("try", """{"method":"GET","path":"/one/x","send":true,"sends":true}""");
        Assert.Equal((HttpStatusCode.OK, "nothing was sent"), (status, $"{answer["outcome"]}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync("try", """{"method":"GET"}""")).Status);
        using var anybody = await gateway.Anybody.PostAsync("/admin/try", null);
        Assert.Equal(HttpStatusCode.Unauthorized, anybody.StatusCode);
    }

    private Task<CommandLine> TryAsync(params string[] args) => CommandLine.RunAsync(_folder, ["try", .. args, "-c", "FOLDER/config.toml"]);

    private void WriteFhir(string target) => _folder.Write("config.toml", $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 8080
        [pipelines.fhir]
        networks = ["main"]
        endpoints = ["fhir"]
        middleware = ["who", "smart"]
        backends = ["server"]
        [endpoints.fhir]
        service = "fhir"
        options.path_prefix = "/fhir"
        [middleware.who]
        type = "jwt_auth"
        use_hs256 = true
        hs256_secret = "0123456789abcdef0123456789abcdef"
        [middleware.smart]
        type = "smart_scopes"
        [backends.server]
        service = "fhir"
        options.base_url = "{target.TrimEnd('/')}"
        """);

    private void Write(string target, string hook) => _folder
        .Write("transforms/rename.json", """[{"operation":"shift","spec":{"a":"b","c":"c"}}]""")
        .Write("config.toml", $$"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = 8080
            [pipelines.orders]
            networks = ["main"]
            endpoints = ["orders"]
            backends = ["orders"]
            middleware = { left = ["who", "rules", "reshape", "audit"], right = ["back"] }
            [endpoints.orders]
            service = "http"
            options.path_prefix = "/orders"
            [backends.orders]
            service = "http"
            options.base_url = "{{target.TrimEnd('/')}}/api"
            [pipelines.plain]
            networks = ["main"]
            path = "/plain"
            backend_ref = "orders"
            [middleware.who]
            type = "jwt_auth"
            use_hs256 = true
            hs256_secret = "0123456789abcdef0123456789abcdef"
            [middleware.rules]
            type = "policies"
            policies = ["ann"]
            [policies.ann]
            rules = ["sub"]
            [rules.sub]
            type = "metadata"
            options.metadata = [{ name = "jwt.sub", value = "ann" }]
            [middleware.reshape]
            type = "transform"
            spec_path = "rename.json"
            apply = "left"
            [middleware.back]
            type = "transform"
            spec_path = "rename.json"
            [middleware.audit]
            type = "webhook"
            endpoint = "{{hook}}"
            """);
}
