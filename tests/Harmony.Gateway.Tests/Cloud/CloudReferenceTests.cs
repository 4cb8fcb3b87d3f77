using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>
/// A gateway that runs, with members that only the cloud knows: what references mean, who makes the tokens, what happens while the cloud is away.
/// </summary>
public sealed class CloudReferenceTests
{
    private const string Reference = "runbeam.imaging.ingress.name.fhir";

    private static string Mesh(Uri origin) => $"""
        [pipelines.out]
        networks = ["main"]
        endpoints = ["out"]
        backends = ["far"]
        [pipelines.out.mesh.egress.out]
        type = "http"
        mode = "mesh"
        [endpoints.out]
        service = "http"
        options.path_prefix = "/out"
        [backends.far]
        service = "http"
        options.base_url = "{origin}r4"
        [mesh.imaging]
        type = "http"
        provider = "local"
        jwt_secret = "a-mesh-secret-of-32-bytes-or-more"
        ingress = ["{Reference}"]
        egress = ["out"]
        """;

    private static void Know(SteeredGateway gateway, Uri origin)
        => gateway.Stand.Resources[Reference] = new JsonObject
        {
            ["type"] = "ingress", ["id"] = "in-1", ["name"] = "fhir", ["urls"] = new JsonArray($"{origin}r4")
        };

    private static bool Drop(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Abort();
        return true;
    }

    /// <summary>A gateway that has kept its token: references are resolved by the token of the file.</summary>
    private static async Task<SteeredGateway> StartAsync(TimeProvider? clock = null)
    {
        var gateway = await SteeredGateway.StartAsync(clock: clock);
        await gateway.Stand.UntilAsync(s => s.Requests.Any(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal)));
        return gateway;
    }

    [Fact]
    public async Task Reference_IsResolved_AndSurvivesTheCloudAndARestart()
    {
        var clock = new TestTimeProvider();
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await StartAsync(clock);
        Know(gateway, origin.Url);
        gateway.Folder.Write("config.toml", gateway.Config(more: Mesh(origin.Url)));
        await gateway.Host.Reloader.ReloadAsync("test");
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/x"));
        var explained = await CommandLine.RunAsync(gateway.Folder, "explain", "-c", "FOLDER/config.toml");
        var meaning = $"ingress '{Reference}': ingress 'fhir' of provider 'runbeam' ({gateway.Stand.Url.Authority}, as of ";
        Assert.Contains(meaning, explained.Output, StringComparison.Ordinal);

        gateway.Stand.Interfere = context => Task.FromResult(Drop(context));
        clock.Advance(TimeSpan.FromMinutes(10)); // what was resolved is old enough to be asked for again
        await gateway.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/y"));
        explained = await CommandLine.RunAsync(gateway.Folder, "explain", "-c", "FOLDER/config.toml");
        Assert.Contains(meaning, explained.Output, StringComparison.Ordinal);
        Assert.Equal(["/r4/x", "/r4/y"], origin.Asked.Select(a => a.Path));
        Assert.All(origin.Asked, a => Assert.StartsWith("Bearer ey", a.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reference_ThatNobodyCouldResolve_LetsNothingLeave_UntilTheCloudAnswers()
    {
        var clock = new TestTimeProvider();
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await StartAsync(clock);
        await ReloadWithoutTheCloudAsync(gateway, origin, retryAfter: 777);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.GetAsync("/out/x"));
        Assert.Empty(origin.Asked);
        await Guard.UntilAsync(() => gateway.Log.Contains($"the reference '{Reference}' means nothing now", StringComparison.Ordinal));
        var explained = await CommandLine.RunAsync(gateway.Folder, "explain", "-c", "FOLDER/config.toml");
        Assert.Contains($"ingress '{Reference}': nobody knows what it means", explained.Output, StringComparison.Ordinal);

        gateway.Stand.Interfere = context => BusyAsync(context, 888);
        await clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(777)); // not before the time that the cloud has asked for
        await clock.TimerAsync(TimeSpan.FromSeconds(888));
        gateway.Stand.Interfere = null;
        Know(gateway, origin.Url);
        clock.Advance(TimeSpan.FromSeconds(888));
        await Guard.UntilAsync(() => gateway.Host.Reloader.Status.LastReason == "references can be resolved");
        Assert.True(gateway.Host.Reloader.Status.LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/x"));
        Assert.StartsWith("Bearer ey", Assert.Single(origin.Asked).Authorization, StringComparison.Ordinal);
        await Guard.UntilAsync(() => gateway.Log.Contains("(references can be resolved)", StringComparison.Ordinal)); // the last of the lines
        Assert.Single(gateway.Log.Split("means nothing now")[1..]);
        Assert.Single(gateway.Log.Split($"are resolved now: {Reference}, after 2 attempts")[1..]);
    }

    [Fact]
    public async Task Reference_IsNotAskedFor_WhileTheFilesAreWrong()
    {
        var clock = new TestTimeProvider();
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await StartAsync(clock);
        await ReloadWithoutTheCloudAsync(gateway, origin, retryAfter: 777);
        await clock.TimerAsync(TimeSpan.FromSeconds(777));
        gateway.Folder.Write("config.toml", "[proxy");
        Assert.False((await gateway.Host.Reloader.ReloadAsync("test")).LastSucceeded);
        gateway.Stand.Interfere = null;
        Know(gateway, origin.Url);
        var asked = gateway.Stand.Requests.Count;
        clock.Advance(TimeSpan.FromSeconds(777));
        await clock.TimerAsync(TimeSpan.FromDays(1)); // the round has ended
        Assert.Equal(asked, gateway.Stand.Requests.Count);

        gateway.Folder.Write("config.toml", gateway.Config(more: Mesh(origin.Url)));
        Assert.True((await gateway.Host.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/x"));
    }

    private static async Task ReloadWithoutTheCloudAsync(SteeredGateway gateway, CountedOrigin origin, int retryAfter)
    {
        gateway.Stand.Interfere = context => BusyAsync(context, retryAfter);
        gateway.Folder.Write("config.toml", gateway.Config(more: Mesh(origin.Url)));
        Assert.True((await gateway.Host.Reloader.ReloadAsync("test")).LastSucceeded);
    }

    private static Task<bool> BusyAsync(Microsoft.AspNetCore.Http.HttpContext context, int retryAfter)
    {
        context.Response.StatusCode = 503;
        context.Response.Headers.RetryAfter = retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Task.FromResult(true);
    }

    /// <summary>One pipeline gives requests tokens that the cloud makes, another verifies them by the keys of the cloud; none has a key of its own.</summary>
    [Fact]
    public async Task TokensOfTheCloud_AreAskedForOnce_Verified_AndKeptWhileItIsAway()
    {
        await using var gateway = await StartAsync();
        gateway.Folder.Write("config.toml", gateway.Config(more: $$"""
            [pipelines.out]
            networks = ["main"]
            endpoints = ["out"]
            middleware = ["give"]
            backends = ["in"]
            [endpoints.out]
            service = "http"
            options.path_prefix = "/out"
            [middleware.give]
            type = "mesh_auth"
            options = { direction = "egress", mesh_name = "imaging", provider = "runbeam", destination_url = "http://127.0.0.1:{{gateway.Port}}/in", required = true }
            [backends.in]
            service = "http"
            options.base_url = "http://127.0.0.1:{{gateway.Port}}/in"
            [pipelines.in]
            networks = ["main"]
            endpoints = ["in"]
            middleware = ["take"]
            backends = ["answer"]
            [endpoints.in]
            service = "http"
            options.path_prefix = "/in"
            [middleware.take]
            type = "mesh_auth"
            options = { mesh_name = "imaging", provider = "runbeam" }
            """));
        await gateway.Host.Reloader.ReloadAsync("test");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await gateway.GetAsync("/in/x"));
        var made = Assert.Single(gateway.Stand.Requests, r => r.Path == "/harmony/mesh/token");
        Assert.Contains($"http://127.0.0.1:{gateway.Port}/in", made.Body, StringComparison.Ordinal);

        gateway.Stand.Interfere = context => Task.FromResult(Drop(context));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/out/y"));
        foreach (var token in gateway.Stand.Tokens.Keys) Assert.DoesNotContain(token, gateway.Log, StringComparison.Ordinal);
    }
}
