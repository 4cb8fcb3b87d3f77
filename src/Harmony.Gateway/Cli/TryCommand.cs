using System.CommandLine;
using System.Net;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli.Remote;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Trying;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony try METHOD PATH</c>: what a configuration, or a running gateway, would do with a request, part by part. Nothing is sent unless that is asked for.</summary>
internal sealed class TryCommand
{
    private readonly Argument<string> _method = new("METHOD") { Description = "GET, POST, …" };
    private readonly Argument<string> _path = new("PATH") { Description = "Path and query, as a client sends them." };
    private readonly Option<string?> _data = new("--data", "-d") { Description = "The body, or @FILE for what a file holds. JSON unless a header says otherwise.", HelpName = "BODY" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header. May be given again.", HelpName = "NAME: VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _as = new("--as") { Description = "A claim of who sends it, in the place of what authentication would find: sub=ann. May be given again.", HelpName = "CLAIM=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _network = new("--network") { Description = "The network that it comes in by; the first that takes it when absent.", HelpName = "NAME" };
    private readonly Option<bool> _send = new("--send") { Description = "Ask the backend too, and let middleware act that tells or asks others." };
    private readonly Option<bool> _running = new("--running") { Description = "Ask the gateway that runs on this configuration, not the files. It sends nothing." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON for programs." };
    private readonly Option<string> _config;
    private readonly RemoteOptions _remote;

    private TryCommand(Option<string> config) => (_config, _remote) = (config, new RemoteOptions(config));

    public static Command Create(Option<string> config)
    {
        var parts = new TryCommand(config);
        var command = new Command("try", "Print what becomes of a request, part by part; exit code 1 if it is refused. Nothing is sent without --send.")
        {
            parts._method, parts._path, config, parts._data, parts._headers, parts._as, parts._network, parts._send, parts._running, parts._json,
        };
        parts._remote.AddTo(command, parts._remote.Url, parts._remote.TokenFile);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, () => parts.RunAsync(result, ct)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken ct)
    {
        var request = RequestOf(result);
        var url = result.GetValue(_remote.Url);
        if (url is not null || result.GetValue(_running)) return await AskAsync(result, request, _remote.AddressOf(result, url), ct);
        using var log = new TrialLog();
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        await using var snapshot = await builder.LoadAsync(result.GetValue(_config)!, log);
        if (snapshot is null)
        {
            ProblemPrinter.Print(builder.Problems, result.InvocationConfiguration.Error, strict: false);
            return 1;
        }

        if (request.Sends) snapshot.Activate();
        try
        {
            return Print(result, await new RequestTrial(snapshot, log).RunAsync(request, ct));
        }
        finally
        {
            if (request.Sends) snapshot.Deactivate();
        }
    }

    private async Task<int> AskAsync(ParseResult result, TrialRequest request, ManagementAddress address, CancellationToken ct)
    {
        if (request.Sends) throw new RemoteException("a running gateway sends nothing for a trial; leave out --send, or --running and --url to send from here");
        using var client = new ManagementClient(address);
        var (status, answer) = await client.AskAsync(HttpMethod.Post, "try", request.ToJson(), ct);
        if (status != HttpStatusCode.OK) throw new RemoteException(ManagementClient.ReasonOf(answer));
        return Print(result, JsonOutput.Read<TrialReport>(answer));
    }

    private int Print(ParseResult result, TrialReport report)
    {
        var output = result.InvocationConfiguration.Output;
        if (result.GetValue(_json)) output.WriteLine(JsonOutput.Write(report));
        else TrialText.Print(report, output);
        return report.Status >= 400 ? 1 : 0;
    }

    /// <exception cref="RemoteException">The command line holds no request.</exception>
    private TrialRequest RequestOf(ParseResult result)
    {
        try
        {
            var headers = result.GetValue(_headers)!.Select(TrialRequest.FieldOf).ToList();
            var body = result.GetValue(_data) is { } data ? BodyOf(data) : [];
            if (body.Length > 0 && !headers.Exists(h => h.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase))) headers.Add(new("Content-Type", "application/json"));
            return new TrialRequest(result.GetValue(_method)!.ToUpperInvariant(), result.GetValue(_path)!)
            {
                Network = result.GetValue(_network),
                Headers = headers,
                Body = body,
                Claims = ClaimsOf(result.GetValue(_as)!),
                Sends = result.GetValue(_send),
            };
        }
        catch (Exception e) when (e is FormatException || Readable.IsReadFailure(e))
        {
            throw new RemoteException(e is FormatException ? e.Message : $"cannot read the body: {Readable.Reason(e)}");
        }
    }

    private static byte[] BodyOf(string data) => data.StartsWith('@') ? BoundedFile.Read(data[1..]) : Encoding.UTF8.GetBytes(data);

    private static Dictionary<string, string>? ClaimsOf(string[] given)
    {
        if (given.Length == 0) return null;
        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in given)
        {
            var at = claim.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new FormatException($"--as '{claim}' is not of the form CLAIM=VALUE");
            claims[claim[..at]] = claim[(at + 1)..];
        }

        return claims;
    }
}

/// <summary>A report of a trial for people.</summary>
internal static class TrialText
{
    public static void Print(TrialReport report, TextWriter output)
    {
        output.WriteLine(Plain(report.Network is null ? $"{report.Method} {report.Path}" : $"{report.Method} {report.Path} on network '{report.Network}', pipeline '{report.Pipeline}'"));
        foreach (var step in report.Steps)
        {
            output.WriteLine(Plain($"  {step.Part} '{step.Name}' ({step.Type}) {step.Said}"));
            foreach (var line in step.Changes) output.WriteLine(Plain($"      {line}"));
            foreach (var line in step.Log) output.WriteLine(Plain($"      log {line}"));
            if (step.BodyDiff.Count > 0) output.WriteLine("      body:");
            foreach (var line in step.BodyDiff) output.WriteLine(Plain($"        {line}"));
        }

        output.WriteLine(Plain(report.Status is { } status ? $"→ {status}: {report.Outcome}" : $"→ {report.Outcome}; --send asks the backend too"));
        foreach (var header in report.Headers) output.WriteLine(Plain($"  {header}"));
        if (report.Body is not null) output.WriteLine(string.Join('\n', report.Body.Split('\n').Select(Plain)));
    }

    /// <summary>What a message holds must not steer the terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '·' : c));
}
