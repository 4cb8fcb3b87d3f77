using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>The shared part of commands that ask a running gateway and print its response: a table for people, or JSON for programs.</summary>
/// <param name="config">The option <c>--config</c>, which says where the gateway is.</param>
internal sealed class OperatorCommand(Option<string> config)
{
    private readonly RemoteOptions _options = new(config);
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Print again every 2 seconds, until Ctrl-C." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the response of the gateway as JSON, for programs." };

    /// <summary>Adds the options and what the command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Asks the gateway and returns the exit code; 2 is returned for it where the gateway cannot be asked.</param>
    /// <param name="mayWatch">Whether the command may print again and again.</param>
    public Command Complete(Command command, Func<OperatorSession, ParseResult, Task<int>> run, bool mayWatch = false)
    {
        command.Options.Add(config);
        if (mayWatch) command.Options.Add(_watch);
        _options.AddTo(command, _options.Url, _options.TokenFile, _json);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, async () =>
        {
            using var client = new ManagementClient(_options.AddressOf(result, result.GetValue(_options.Url)));
            var session = new OperatorSession(client, result.InvocationConfiguration.Output, result.GetValue(_json), ct);
            return mayWatch && result.GetValue(_watch) ? await WatchAsync(session, () => run(session, result), ct) : await run(session, result);
        }));
        return command;
    }

    /// <summary>Prints every two seconds until Ctrl-C; a terminal is cleared before each print.</summary>
    private static async Task<int> WatchAsync(OperatorSession session, Func<Task<int>> run, CancellationToken ct)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (true)
            {
                if (!Console.IsOutputRedirected && ReferenceEquals(session.Output, Console.Out)) await session.Output.WriteAsync("\u001b[H\u001b[2J");
                await run();
                await session.Output.FlushAsync(ct);
                await pause.WaitForNextTickAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
    }
}

/// <summary>One conversation with a gateway.</summary>
internal sealed class OperatorSession(ManagementClient client, TextWriter output, bool json, CancellationToken ct)
{
    /// <summary>Where to print.</summary>
    public TextWriter Output => output;

    /// <summary>Asks for a document that must be there.</summary>
    /// <exception cref="RemoteException">The gateway says no.</exception>
    public async Task<JsonObject> GetAsync(string path) => Expect(await client.AskAsync(HttpMethod.Get, path, null, ct));

    /// <summary>Has the gateway do something.</summary>
    /// <exception cref="RemoteException">The gateway says no.</exception>
    public async Task<JsonObject> DoAsync(HttpMethod method, string path, JsonNode? body = null) => Expect(await client.AskAsync(method, path, body, ct));

    /// <summary>Has the gateway do something that may fail; the caller looks at the status.</summary>
    public Task<(HttpStatusCode Status, JsonObject Answer)> TryAsync(HttpMethod method, string path) => client.AskAsync(method, path, null, ct);

    /// <summary>Prints a document as it came, where programs read it.</summary>
    /// <returns>Whether it was printed.</returns>
    public bool PrintJson(JsonNode answer)
    {
        if (json) output.WriteLine(JsonOutput.Indented(answer));
        return json;
    }

    /// <summary>Prints a table; nothing where it has no rows.</summary>
    public void PrintTable(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var row in rows) table.AddRow([.. row.Select(cell => new Text(Plain(cell)))]);
        if (table.Rows.Count > 0) Terminal.For(output).Write(table);
    }

    /// <summary>What a gateway says must not steer the terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));

    private static JsonObject Expect((HttpStatusCode Status, JsonObject Answer) answer)
        => (int)answer.Status < 300 ? answer.Answer : throw new RemoteException(ManagementClient.ReasonOf(answer.Answer));
}
