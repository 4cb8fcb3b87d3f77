using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli.Remote;

namespace Harmony.Gateway.Cli.Logs;

/// <summary>
/// <c>harmony logs</c>: the log of a gateway, from the file that its configuration names, or from the gateway that runs where it writes none; by level, request
/// and pipeline.
/// </summary>
internal sealed class LogsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Option<string> _config;
    private readonly RemoteOptions _remote;
    private readonly Option<bool> _access = new("--access") { Description = "Read the access log instead of the log." };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Print new entries as they are written, until Ctrl-C." };
    private readonly Option<int> _lines = new("--lines", "-n")
    {
        Description = "Number of entries to begin with: the last N that match.", HelpName = "N", DefaultValueFactory = _ => 50,
    };
    private readonly Option<string?> _level = new("--level")
    {
        Description = "Only entries of this level and above; of the access log, 5xx are errors and 4xx warnings.", HelpName = "LEVEL",
    };
    private readonly Option<string?> _request = new("--request")
    {
        Description = "Only entries of the request with this id, as in x-request-id.", HelpName = "ID",
    };
    private readonly Option<string?> _pipeline = new("--pipeline") { Description = "Only entries that name this pipeline.", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print each entry as one line of JSON, whatever the format of the log.",
    };

    private LogsCommand(Option<string> config)
    {
        (_config, _remote) = (config, new RemoteOptions(config));
        _level.AcceptOnlyFromAmong("trace", "debug", "info", "warn", "error");
    }

    public static Command Create(Option<string> config)
    {
        var logs = new LogsCommand(config);
        var command = new Command("logs", "Print the log of a gateway, filtered by level, request or pipeline, from its file or from the running gateway.")
        {
            config,
        };
        logs._remote.AddTo(command, logs._access, logs._follow, logs._lines, logs._level, logs._request, logs._pipeline, logs._json, logs._remote.Url,
            logs._remote.TokenFile);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, () => logs.RunAsync(result, ct)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken ct)
    {
        var output = result.InvocationConfiguration.Output;
        var first = new Queue<LoggedEntry>();
        var (most, isCaughtUp) = (Math.Max(0, result.GetValue(_lines)), false);
        LoggedEntry? open = null;
        try
        {
            await foreach (var line in LinesAsync(result, ct))
            {
                var read = line is null ? null : LoggedEntry.Read(line);
                if (line is not null && read is null)
                {
                    open?.Continue(line);
                    continue;
                }

                if (open is not null && Fits(result, open)) Take(open);
                open = read;
                if (line is not null) continue;
                foreach (var entry in first) Print(result, entry, output);
                first.Clear();
                isCaughtUp = true;
                await output.FlushAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl-C ends what follows.
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new RemoteException($"cannot read the log: {Readable.Reason(e)}");
        }

        return 0;

        void Take(LoggedEntry entry)
        {
            if (isCaughtUp)
            {
                Print(result, entry, output);
                return;
            }

            first.Enqueue(entry);
            if (first.Count > most) first.Dequeue();
        }
    }

    private bool Fits(ParseResult result, LoggedEntry entry)
        => (result.GetValue(_level) is not { } level || entry.IsAtLeast(level))
            && (result.GetValue(_request) is not { } request || entry.IsOfRequest(request))
            && (result.GetValue(_pipeline) is not { } pipeline || entry.IsOfPipeline(pipeline));

    private void Print(ParseResult result, LoggedEntry entry, TextWriter output)
    {
        if (result.GetValue(_json)) output.WriteLine(JsonOutput.Line(entry.Fields));
        else foreach (var line in entry.Lines) output.WriteLine(line);
    }

    private IAsyncEnumerable<string?> LinesAsync(ParseResult result, CancellationToken ct)
    {
        var follow = result.GetValue(_follow);
        if (result.GetValue(_remote.Url) is { } url) return OfGatewayAsync(_remote.AddressOf(result, url), follow, ct);
        var configFile = result.GetValue(_config)!;
        var logging = new ConfigLoader([], Environment.GetEnvironmentVariable).Load(configFile).Logging;
        if (result.GetValue(_access)) return new LogFileReader(AccessLogOf(logging.Access, configFile), TimeProvider.System).ReadAsync(follow, ct);
        return logging is { LogToFile: true, LogFilePath: { } path }
            ? new LogFileReader(path, TimeProvider.System).ReadAsync(follow, ct)
            : OfGatewayAsync(_remote.AddressOf(result, url: null), follow, ct);
    }

    private static string AccessLogOf(AccessLogSection access, string configFile) => access switch
    {
        { Enabled: false } => throw new RemoteException($"{configFile}: [logging.access] is not enabled"),
        { Target: "stdout" } => throw new RemoteException($"{configFile}: the access log goes to standard output; [logging.access] target = \"FILE\" keeps it"),
        { Format: "common" } => throw new RemoteException(
            $"{configFile}: an access log of format = \"common\" has no ids of requests to look for; read '{access.Target}' itself"),
        _ => access.Target,
    };

    /// <summary>The lines that the gateway keeps in memory.</summary>
    private static async IAsyncEnumerable<string?> OfGatewayAsync(ManagementAddress address, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        using var client = new ManagementClient(address);
        for (var last = "0"; ;)
        {
            var (_, answer) = await client.AskAsync(HttpMethod.Get, $"log?after={last}", null, ct);
            if (answer["last"] is not { } next) throw new RemoteException(ManagementClient.ReasonOf(answer));
            last = $"{next}";
            foreach (var line in (answer["entries"] as JsonArray ?? []).SelectMany(e => $"{e}".Split('\n'))) yield return line;
            yield return null;
            if (!follow) yield break;
            await Task.Delay(Pause, ct);
        }
    }
}
