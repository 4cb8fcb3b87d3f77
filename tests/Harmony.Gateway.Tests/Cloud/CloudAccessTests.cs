using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text;
using Harmony.Age;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>Who may have the gateway steered, and what of its secrets anybody sees.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CloudAccessTests
{
    private const string Body = """{"gateway_id":"clinic-a"}""";

    [Fact]
    public async Task Authorize_NeedsTheTokenOfAUserOfTheCloud()
    {
        await using var gateway = await SteeredGateway.StartAsync(authorized: false);
        var stand = gateway.Stand;
        var good = stand.UserToken();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string?[] bad =
        [
            null, "", SteeredGateway.AdminToken, good[..^4] + "AAAA", good.Split('.')[0] + "." + good.Split('.')[1] + ".",
            stand.UserToken(("exp", now - 600)), stand.UserToken(("exp", null)), stand.UserToken(("nbf", now + 600)), stand.UserToken(("sub", null)),
            TestTokens.Rs256(TestTokens.Claims(TimeProvider.System), kid: "stand"), TestTokens.Hs256(TestTokens.Claims(TimeProvider.System)),
            TestTokens.Sign("""{"alg":"none"}""", TestTokens.Claims(TimeProvider.System).ToJsonString(), _ => []),
        ];
        foreach (var token in bad)
        {
            var (status, answer) = await gateway.AskAsync("POST", "authorize", token, Body);
            Assert.True(status == HttpStatusCode.Unauthorized, $"{token}: {status} {answer}");
            Assert.NotNull(answer["message"]);
        }

        Assert.DoesNotContain(stand.Requests, r => r.Path.Contains("authorize", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AskAsync("POST", "authorize", good, "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.AskAsync("POST", "authorize", good, """{"gateway_id":"another"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.AskAsync("POST", "authorize", good, Body)).Status);
    }

    [Fact]
    public async Task AllowedUsers_AreTheOnlyOnes()
    {
        await using var gateway =
            await SteeredGateway.StartAsync(g => g.Folder.Write("config.toml", g.Config("allowed_users = [\"user-2\"]")), authorized: false);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.AskAsync("POST", "authorize", gateway.Stand.UserToken(), Body)).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.AskAsync("POST", "authorize", gateway.Stand.UserToken(("sub", "user-2")), Body)).Status);
    }

    [Fact]
    public async Task Token_NeedsProof_AndBindsToOneGateway()
    {
        await using var gateway = await SteeredGateway.StartAsync(authorized: false);
        var body = gateway.Stand.NewToken();
        foreach (var token in new[] { null, "planted-wrong" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.AskAsync("POST", "token", token, body.ToJsonString())).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.AskAsync("POST", "token", null, "{ no json")).Status); // nothing is read before
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AskAsync("POST", "token", body: "{}")).Status);
        body["api_base_url"] = "https://elsewhere.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AskAsync("POST", "token", body: body.ToJsonString())).Status);
        body["api_base_url"] = gateway.Stand.Url.ToString();
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("POST", "token", gateway.Stand.UserToken(), body.ToJsonString())).Status);
        body["gateway_id"] = "gw-of-somebody";
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.AskAsync("POST", "token", body: body.ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("POST", "cloud/forget")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("POST", "token", body: body.ToJsonString())).Status);
    }

    /// <summary>What the public command line asks for, at the paths where it asks.</summary>
    [Fact]
    public async Task RunbeamCommandLine_IsAnswered()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        foreach (var path in new[] { "info", "pipelines", "routes" })
            Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("GET", path, token: null)).Status);
        Assert.Equal(HttpStatusCode.Created, (await gateway.AskAsync("POST", "authorize", gateway.Stand.UserToken(), Body)).Status);
        var (status, answer) = await gateway.AskAsync("POST", "update", gateway.Stand.UserToken());
        Assert.Equal((HttpStatusCode.OK, true), (status, answer["success"]!.GetValue<bool>()));
        (status, answer) = await gateway.AskAsync("POST", "/api/reload", token: null);
        Assert.Equal((HttpStatusCode.OK, true), (status, answer["applied"]!.GetValue<bool>()));
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.ManagementPort}"));
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/reload", null)).StatusCode);
    }

    [Fact]
    public async Task Secrets_LeaveTheMachineNowhere()
    {
        await using var gateway = await SteeredGateway.StartAsync(g =>
        {
            g.Folder.Write("config.toml", g.Config(more: """
                # password = "planted-comment"
                [targets.ehr]
                url = "http://127.0.0.1:9/?key=planted-query"
                authentication = "ehr"
                [authentications.ehr]
                method = "basic"
                options.username = "gateway"
                options.password = "planted-password" # not "planted-password-old": token = "planted-tail"
                [backends.forward]
                service = "http"
                target_ref = "ehr"
                options.headers = { X-Key = 'planted-header', "X Y" = '''planted-'multi' '''  }
                [mesh.clinics]
                type = "http"
                provider = "local"
                jwt_secret = "${MESH_SECRET:-planted-default-0123456789012345678901234}"
                [telemetry]
                headers = { X-Key = "${TELEMETRY_KEY}" }
                otlp_endpoint = "http://127.0.0.1:9"
                """));
            g.Set("TELEMETRY_KEY", "planted-variable");
        });
        var (status, answer) = await gateway.AskAsync("POST", "update");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("HARMONY_AUTHENTICATIONS_EHR_OPTIONS_PASSWORD", answer["secrets_replaced"]!.ToJsonString(), StringComparison.Ordinal);
        var pushed = gateway.Stand.Pushed.Single(p => p.Type == "gateway").Text;
        Assert.DoesNotContain("planted", pushed, StringComparison.Ordinal);
        Assert.Contains("options.password = \"${HARMONY_AUTHENTICATIONS_EHR_OPTIONS_PASSWORD}\"", pushed, StringComparison.Ordinal);
        Assert.Contains("${TELEMETRY_KEY}", pushed, StringComparison.Ordinal);
        Assert.Contains("authentication = \"ehr\"", pushed, StringComparison.Ordinal);

        // The cloud's copy comes back with the variables; here the secrets stand in their places again.
        var change = gateway.Stand.Add("gateway", pushed + "\n# from the cloud\n");
        await gateway.PullAsync();
        Assert.Equal(("applied", ""), (change.Status, change.Error));
        var text = await File.ReadAllTextAsync(gateway.Folder.Main);
        Assert.Contains("options.password = \"planted-password\"", text, StringComparison.Ordinal);
        Assert.Contains("# from the cloud", text, StringComparison.Ordinal);

        var said = new StringBuilder(gateway.Log);
        foreach (var path in new[] { "config", "config/status", "config/history", "cloud/status", "openapi.json", "" })
        {
            using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.ManagementPort}/admin/"));
            said.Append(await client.GetStringAsync(path));
        }

        gateway.Stand.Interfere = async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.Body.WriteAsync(
                Encoding.UTF8.GetBytes(new JsonObject { ["message"] = "bad " + context.Request.Headers.Authorization }.ToJsonString()));
            return true;
        };
        said.Append((await gateway.PullAsync()).Answer.ToJsonString()).Append((await gateway.AskAsync("POST", "authorize", "planted-user", Body)).Answer)
            .Append(gateway.Log);
        Assert.DoesNotContain("planted", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(gateway.Storage, "cloud"), "*", SearchOption.AllDirectories),
            f => File.ReadAllText(f).Contains("planted-machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TokenFile_IsTheOwnersAlone_AndAgeOpensIt()
    {
        var key = AgeKey.Generate();
        await using var gateway =
            await SteeredGateway.StartAsync(g => g.Set("RUNBEAM_ENCRYPTION_KEY", Convert.ToBase64String(Encoding.ASCII.GetBytes(key.Identity))));
        await gateway.PullAsync();
        var file = Directory.EnumerateFiles(gateway.Storage, "token.age", SearchOption.AllDirectories).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("planted-machine", Encoding.UTF8.GetString(AgeFile.Decrypt(await File.ReadAllBytesAsync(file), key)), StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await gateway.RestartAsync();
        var (status, _) = await gateway.PullAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        var (_, told) = await gateway.AskAsync("GET", "cloud/status");
        Assert.Contains($"(mode 0644), so it is not used; run: chmod 600 '{file}'", told["last_contact"]!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
    }
}
