using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Cli;
using Harmony.Gateway.Tests.Management;
using Harmony.Gateway.Tests.Reloading;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary><c>harmony cloud</c>: what it prints, and its exit codes.</summary>
public sealed class CloudCommandTests
{
    private static Task<CommandLine> RunAsync(SteeredGateway gateway, params string[] args)
        => CommandLine.RunAsync(gateway.Folder, ["cloud", .. args, "-c", "FOLDER/config.toml"]);

    [Fact]
    public async Task Authorize_Status_AndForget()
    {
        await using var gateway = await SteeredGateway.StartAsync(authorized: false);
        var run = await RunAsync(gateway, "status");
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Equal([$"provider 'runbeam' at {gateway.Stand.Url}", "not authorized; run: harmony cloud authorize"], run.Lines.Take(2));

        gateway.Folder.Write("user.token", gateway.Stand.UserToken() + "\n").Write("wrong.token", "abc");
        run = await RunAsync(gateway, "authorize", "--user-token-file", "FOLDER/wrong.token");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.NotEmpty(run.Error);
        run = await RunAsync(gateway, "authorize", "--user-token-file", "FOLDER/user.token", "--gateway", "clinic-z");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        run = await RunAsync(gateway, "authorize", "--user-token-file", "FOLDER/none.token");
        Assert.Equal(new CommandLine(2, "", "cannot read 'none.token': no such file\n"), run);
        Assert.Empty(gateway.Stand.Tokens);

        run = await RunAsync(gateway, "authorize", "--user-token-file", "FOLDER/user.token");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("gateway gw-7f3a is authorized until ", run.Output, StringComparison.Ordinal);

        await gateway.PullAsync(); // so that there has been a contact
        run = await RunAsync(gateway, "status");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^gateway gw-7f3a, authorized until .* \\((29|30) days\\)$", run.Lines[1]);
        Assert.StartsWith("last contact: ", run.Lines[2], StringComparison.Ordinal);
        var json = await RunAsync(gateway, "status", "--json");
        Assert.Equal((0, "gw-7f3a"), (json.ExitCode, $"{JsonNode.Parse(json.Output)!["gateway"]!["id"]}"));
        foreach (var token in gateway.Stand.Tokens.Keys) Assert.DoesNotContain(token, run.Output + json.Output, StringComparison.Ordinal);

        Assert.Equal(new CommandLine(0, "the token is deleted; the cloud has to revoke it too\n", ""), await RunAsync(gateway, "forget"));
        Assert.Equal(new CommandLine(0, "there was no token\n", ""), await RunAsync(gateway, "forget"));
        Assert.Equal(1, (await RunAsync(gateway, "status")).ExitCode);
        Assert.Equal(1, (await RunAsync(gateway, "status", "--json")).ExitCode);
    }

    [Fact]
    public async Task Authorize_NamesTheGateway_AsTheConfigurationDoes()
    {
        await using var gateway = await SteeredGateway.StartAsync(authorized: false);
        gateway.Folder.Write("user.token", gateway.Stand.UserToken());
        Assert.Equal(0, (await RunAsync(gateway, "authorize", "--user-token-file", "FOLDER/user.token")).ExitCode);
        Assert.Contains(gateway.Stand.Requests, r => r.Path == "/harmony/authorize"
            && r.Body.Contains("\"gateway_code\":\"clinic-a\"", StringComparison.Ordinal));
        var run = await RunAsync(gateway, "authorize");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal("name the file of a user's token with --user-token-file FILE, or set RUNBEAM_USER_TOKEN\n", run.Error);
    }

    [Fact]
    public async Task Push_SaysWhatItLeavesHere()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        Assert.Equal(
            new CommandLine(0, "the configuration is pushed; variables replace secrets\n  ${HARMONY_MANAGEMENT_TOKEN} replaces a secret\n",
                ""),
            await RunAsync(gateway, "push"));
        Assert.DoesNotContain(gateway.Stand.Pushed, p => p.Text.Contains(SteeredGateway.AdminToken, StringComparison.Ordinal));
        var json = await RunAsync(gateway, "push", "--json");
        Assert.Equal((0, "HARMONY_MANAGEMENT_TOKEN"), (json.ExitCode, $"{JsonNode.Parse(json.Output)!["secrets_replaced"]![0]}"));
    }

    [Fact]
    public async Task Pull_SaysWhatCameOfIt()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        Assert.Equal(new CommandLine(0, "there is no change\n", ""), await RunAsync(gateway, "pull"));

        gateway.Stand.Add("pipeline", ReloadingGateway.Pipeline("steered", "steered"));
        var run = await RunAsync(gateway, "pull");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("what the cloud wanted is done", run.Lines[0]);
        Assert.StartsWith("last change: chg-1 (pipeline) applied at ", run.Lines[1], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/steered"));

        gateway.Stand.Add(
            "pipeline", ReloadingGateway.Pipeline("steered", "steered").Replace("service = \"http\"", "service = \"htp\"", StringComparison.Ordinal));
        run = await RunAsync(gateway, "pull");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("last change: chg-2 (pipeline) failed at ", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("did you mean 'http'?", run.Lines[1], StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(gateway, "pull", "--json")).ExitCode);
        Assert.Equal(1, (await RunAsync(gateway, "status")).ExitCode);

        gateway.Stand.Interfere = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        run = await RunAsync(gateway, "pull");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task GatewayWithoutACloud_AndNoGateway()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var folder = gateway.Gateway.Folder;
        Assert.Equal(
            new CommandLine(0, "this gateway is not connected to a cloud\n", ""),
            await CommandLine.RunAsync(folder, "cloud", "status", "-c", "FOLDER/config.toml"));
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "cloud", "status", "--json", "-c", "FOLDER/config.toml")).ExitCode);
        foreach (var verb in new[] { "pull", "push" })
        {
            var refused = await CommandLine.RunAsync(folder, "cloud", verb, "-c", "FOLDER/config.toml");
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("cloud", refused.Error, StringComparison.OrdinalIgnoreCase);
        }

        await gateway.Gateway.Host.StopAsync(CancellationToken.None);
        Assert.Equal(2, (await CommandLine.RunAsync(folder, "cloud", "status", "-c", "FOLDER/config.toml")).ExitCode);
    }
}
