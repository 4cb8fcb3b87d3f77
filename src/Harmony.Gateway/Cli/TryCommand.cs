using System.CommandLine;
using System.Net;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Dicom.Data;
using Harmony.Dicom.Query;
using Harmony.Gateway.Cli.Dicom;
using Harmony.Gateway.Cli.Remote;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Trying;
using Harmony.Imaging.Adapters.Dimse;

namespace Harmony.Gateway.Cli;

/// <summary>
/// <c>harmony try METHOD PATH</c>, <c>harmony try C-STORE FILE</c>, <c>harmony try C-FIND</c>: what a configuration, or a running gateway, would do with a
/// request, part by part. Nothing is sent unless that is asked for.
/// </summary>
internal sealed class TryCommand
{
    private readonly Argument<string> _method = new("METHOD") { Description = "GET, POST, …; C-FIND or C-STORE." };
    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "Path and query, as a client sends them; the DICOM file of a C-STORE.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _data = new("--data", "-d")
    {
        Description = "Body, or @FILE for the content of a file. JSON unless a Content-Type header is given.", HelpName = "BODY",
    };
    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "Header. Can be given several times.", HelpName = "NAME: VALUE", DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _as = new("--as")
    {
        Description = "Claim of the client, instead of real authentication: sub=ann. Can be given several times.",
        HelpName = "CLAIM=VALUE",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _network = new("--network")
    {
        Description = "Network that receives the request; the first that accepts it when absent.", HelpName = "NAME",
    };
    private readonly Option<string?> _called = new("--aet")
    {
        Description = "C-FIND, C-STORE: the called AE title; that of the first endpoint that accepts the operation when absent.", HelpName = "TITLE",
    };

    private readonly Option<string?> _calling = new("--calling") { Description = "C-FIND, C-STORE: the calling AE title.", HelpName = "TITLE" };
    private readonly Option<DicomDataSet> _keys = KeyOption.Create();
    private readonly Option<QueryLevel?> _level = KeyOption.Level();
    private readonly Option<bool> _send = new("--send") { Description = "Send the request to the backend, too, and let middleware contact other systems." };
    private readonly Option<bool> _running = new("--running")
    {
        Description = "Ask the gateway that runs this configuration instead of reading the files. The gateway sends nothing.",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON for programs." };
    private readonly Option<string> _config;
    private readonly RemoteOptions _remote;

    private TryCommand(Option<string> config) => (_config, _remote) = (config, new RemoteOptions(config));

    public static Command Create(Option<string> config)
    {
        var parts = new TryCommand(config);
        var command = new Command("try", "Print what each part of a pipeline does with a request; exit code 1 for a refusal. Nothing is sent without --send.")
        {
            parts._method, parts._path, config, parts._data, parts._headers, parts._as, parts._network,
            parts._called, parts._calling, parts._keys, parts._level, parts._send, parts._running, parts._json,
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
            var method = result.GetValue(_method)!.ToUpperInvariant();
            if (OfferedOperation.Methods.Contains(method)) return OperationOf(result, method);
            var path = result.GetValue(_path) ?? throw new FormatException("PATH is missing; it begins with '/'");
            var headers = result.GetValue(_headers)!.Select(TrialRequest.FieldOf).ToList();
            var body = result.GetValue(_data) is { } data ? BodyOf(data) : [];
            if (body.Length > 0 && !headers.Exists(h => h.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)))
                headers.Add(new("Content-Type", "application/json"));
            return new TrialRequest(method, path)
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
            throw new RemoteException(e is FormatException ? e.Message : $"cannot read the file: {Readable.Reason(e)}");
        }
    }

    private TrialRequest OperationOf(ParseResult result, string method)
    {
        var (file, keys) = (result.GetValue(_path), result.GetValue(_keys)!);
        if (method == "C-STORE" && file is null) throw new FormatException("the DICOM file to store is missing: harmony try C-STORE FILE");
        if (method == "C-FIND" && (file is not null || keys.Count == 0))
        {
            throw new FormatException("a C-FIND needs keys: harmony try C-FIND -k PatientID=P-1 -k StudyInstanceUID");
        }

        var operation = new OfferedOperation(method)
        {
            CalledAet = result.GetValue(_called),
            Identifier = method == "C-FIND"
                ? keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, (result.GetValue(_level) ?? QueryLevels.Infer(keys)).Name()).Build()
                : DicomDataSet.Empty,
            File = file is null ? default : BoundedFile.Read(file),
        };
        return new TrialRequest(method, file is null ? keys.Count == 1 ? "1 key" : $"{keys.Count} keys" : Path.GetFileName(file))
        {
            Operation = result.GetValue(_calling) is { } calling ? operation with { CallingAet = calling } : operation,
            Claims = ClaimsOf(result.GetValue(_as)!),
            Sends = result.GetValue(_send),
        };
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
        output.WriteLine(Plain(report.Network is null
            ? $"{report.Method} {report.Path}" : $"{report.Method} {report.Path} on network '{report.Network}', pipeline '{report.Pipeline}'"));
        foreach (var step in report.Steps)
        {
            output.WriteLine(Plain($"  {step.Part} '{step.Name}' ({step.Type}) {step.Said}"));
            foreach (var line in step.Changes) output.WriteLine(Plain($"      {line}"));
            foreach (var line in step.Log) output.WriteLine(Plain($"      log {line}"));
            if (step.BodyDiff.Count > 0) output.WriteLine("      body:");
            foreach (var line in step.BodyDiff) output.WriteLine(Plain($"        {line}"));
        }

        output.WriteLine(Plain(report.Status is { } status
            ? $"→ {Shown(report.DimseStatus, status)}: {report.Outcome}"
            : $"→ {report.Outcome}; --send asks the backend too"));
        foreach (var header in report.Headers) output.WriteLine(Plain($"  {header}"));
        if (report.Body is not null) output.WriteLine(string.Join('\n', report.Body.Split('\n').Select(Plain)));
    }

    private static string Shown(string? dimse, int status) => dimse is null ? $"{status}" : $"{dimse} (HTTP {status})";

    /// <summary>What a message holds must not steer the terminal.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '·' : c));
}
