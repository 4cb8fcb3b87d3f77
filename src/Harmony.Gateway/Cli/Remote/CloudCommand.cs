using System.CommandLine;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony cloud</c>: what a running gateway and the cloud that steers it have to do with one another.</summary>
internal static class CloudCommand
{
    private const string UserTokenVariable = "RUNBEAM_USER_TOKEN";

    public static Command Create(Option<string> config) => new("cloud", "Manage the connection of a running gateway to its cloud.")
    {
        Authorize(config),
        new OperatorCommand(config).Complete(
            new Command("status", "Print the state of a gateway's connection to its cloud; exit code 1 if there is a problem."),
            async (session, _) => Print(session, await session.GetAsync("cloud/status"))),
        Simple(config, "pull", "Get changes from the cloud now and apply them.", "cloud/pull",
            answer => answer["last_change"] is JsonObject change && $"{change["result"]}" != "applied" ? 1 : 0),
        Simple(config, "push", "Send the configuration to the cloud, without its secrets.", "update", _ => 0),
        Simple(config, "forget", "Delete the gateway's token for the cloud.", "cloud/forget", _ => 0),
    };

    private static Command Authorize(Option<string> config)
    {
        var options = new RemoteOptions(config);
        var user = new Option<string?>("--user-token-file")
        {
            Description = "File with the token of a cloud user, as 'runbeam token:get' prints it. "
                + $"Without this option it is the variable {UserTokenVariable}.",
            HelpName = "FILE",
        };
        var gateway = new Option<string?>("--gateway")
        {
            Description = "Id or code of the gateway in the cloud; when absent, the id, or else the name, in [proxy].", HelpName = "ID",
        };
        var command = new Command("authorize", "Authorize a gateway in the cloud, with the token of a cloud user.") { config, user, gateway };
        options.AddTo(command, options.Url);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, async () =>
        {
            var address = options.AddressOf(result, result.GetValue(options.Url)) with { Token = UserToken(result.GetValue(user)) };
            using var client = new ManagementClient(address);
            var body = new JsonObject { ["gateway_id"] = result.GetValue(gateway) ?? NameOf(result.GetValue(config)!) };
            var (status, answer) = await client.AskAsync(HttpMethod.Post, "authorize", body, ct);
            if ((int)status >= 300) throw new RemoteException(ManagementClient.ReasonOf(answer));
            var until = StatusCommand.At(answer["expires_at"]);
            await result.InvocationConfiguration.Output.WriteLineAsync($"gateway {answer["gateway"]?["id"]} is authorized until {until}");
            return 0;
        }));
        return command;
    }

    private static Command Simple(Option<string> config, string verb, string summary, string path, Func<JsonObject, int> exitCode)
        => new OperatorCommand(config).Complete(new Command(verb, summary), async (session, _) =>
        {
            var answer = await session.DoAsync(HttpMethod.Post, path);
            if (session.PrintJson(answer)) return exitCode(answer);
            session.Output.WriteLine($"{answer["message"]}");
            if (answer["last_change"] is JsonObject change) session.Output.WriteLine(Change(change));
            foreach (var variable in answer["secrets_replaced"] as JsonArray ?? []) session.Output.WriteLine($"  ${{{variable}}} replaces a secret");
            return exitCode(answer);
        });

    private static int Print(OperatorSession session, JsonObject status)
    {
        var isSteered = status["enabled"]?.GetValue<bool>() == true;
        var isGood = status["authorized"]?.GetValue<bool>() == true && status["last_contact"]?["good"]?.GetValue<bool>() != false
            && $"{status["last_change"]?["result"]}" is "" or "applied";
        if (session.PrintJson(status)) return isGood || !isSteered ? 0 : 1;
        if (!isSteered)
        {
            session.Output.WriteLine("this gateway is not connected to a cloud");
            return 0;
        }

        session.Output.WriteLine($"provider '{status["provider"]}' at {status["api"]}");
        session.Output.WriteLine(status["token"] is JsonObject token
            ? $"gateway {status["gateway"]?["id"]}, authorized until {StatusCommand.At(token["expires_at"])} ({token["days_left"]} days)"
            : "not authorized; run: harmony cloud authorize");
        if (status["last_contact"] is JsonObject contact)
        {
            var trouble = contact["good"]?.GetValue<bool>() == true ? "" : $", {contact["message"]}";
            session.Output.WriteLine($"last contact: {StatusCommand.At(contact["at"])}{trouble}");
        }

        if (status["last_change"] is JsonObject change) session.Output.WriteLine(Change(change));
        if (status["pushed_at"] is { } pushed) session.Output.WriteLine($"last push: {StatusCommand.At(pushed)}");
        return isGood ? 0 : 1;
    }

    private static string Change(JsonObject change)
    {
        var reason = $"{change["error"]}" is { Length: > 0 } error ? ": " + error : "";
        return $"last change: {change["id"]} ({change["type"]}) {change["result"]} at {StatusCommand.At(change["at"])}{reason}";
    }

    private static string UserToken(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(UserTokenVariable) is { Length: > 0 } token
                ? token.Trim()
                : throw new RemoteException($"name the file of a user's token with --user-token-file FILE, or set {UserTokenVariable}");
        }

        try
        {
            return BoundedFile.ReadText(file).Trim();
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new RemoteException($"cannot read '{file}': {Readable.Reason(e)}");
        }
    }

    private static string NameOf(string configFile)
    {
        var proxy = new ConfigLoader([], Environment.GetEnvironmentVariable).Load(configFile).Proxy;
        return proxy.Id ?? proxy.Name ?? throw new RemoteException("name the gateway with --gateway ID");
    }
}
