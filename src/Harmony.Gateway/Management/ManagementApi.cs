using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Gateway.Cloud;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management.Access;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Management.Views;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Trying;

namespace Harmony.Gateway.Management;

/// <summary>Everything that operators may ask for: the table that requests, the OpenAPI document and docs/management.md follow.</summary>
internal sealed class ManagementApi
{
    /// <summary>Where the public command line asks for a reload.</summary>
    internal const string RunbeamReload = "api/reload";

    private const long MaxSmallBody = 16 * 1024;

    private readonly ManagementSection _section;

    /// <param name="section"><c>[management]</c>.</param>
    /// <param name="isSteered">Whether a cloud steers the gateway.</param>
    public ManagementApi(ManagementSection section, bool isSteered = false)
    {
        _section = section;
        Operations =
        [
            Page("", "Status page for people: configuration, diagram of the pipelines, targets, certificates.", call => StatusPage.Of(call.Gateway, BasePath)),
            Page("api", "This description as a page for people.", _ => ApiPage.Of(Operations!, BasePath)),
            Read("info", "Version, uptime in seconds, system.", "Info", call => call.Answer(InfoView.Of(call.Gateway))),
            Read("pipelines", "The pipelines.", "Pipelines", call => call.Answer(PipelinesView.Of(call.Gateway.Snapshot))),
            Read("routes", "The routes of all networks.", "Routes", call => call.Answer(RoutesView.Of(call.Gateway.Snapshot))),
            Read("targets", "The targets of all backends and their state.", "Targets",
                call => call.Answer(TargetsView.Of(call.Gateway.Snapshot))),
            Read("failures", "The last 100 failed and the last 100 refused requests, newest first, with their ids in the log.", "Failures",
                call => call.Answer(FailuresView.Of(call.Gateway.Metrics))),
            Change("POST", "targets/{backend}/{target}/drain", "Stops sending new requests to a target.", "Targets", call => Steer(call, enable: false)),
            Change("POST", "targets/{backend}/{target}/enable", "Sends requests to a drained target again.", "Targets", call => Steer(call, enable: true)),
            Read("config", "The running configuration, with variables filled in and secrets masked.", "Config",
                call => call.Answer(ConfigView.Of(call.Gateway))),
            Read("config/status", "The running version of the configuration, and the result of the last reload.", "ConfigStatus",
                call => call.Answer(ConfigStatusView.Of(call.Gateway))),
            Read("config/history", "The applied configurations, newest first.", "History",
                call => call.Answer(HistoryView.Of(call.Gateway.Reloader))),
            new Operation("POST", "config/validate", AccessNeed.Changing,
                "Checks the files in the body, and returns their problems and what would change.", ValidateAsync)
            {
                BodySchema = UploadedFiles.Schema,
                Response = "Validation",
            },
            new Operation("POST", "try", AccessNeed.Changing,
                "Returns what each part of a pipeline would do with a request. Sends nothing to backends or webhooks.", TryAsync)
            {
                BodySchema = TrialRequest.Schema,
                Response = "Trial",
            },
            new Operation("POST", "config/rollback/{version}", AccessNeed.Changing,
                "Applies an earlier version, and restores its files if they are writable.", RollbackAsync) { Response = "Outcome" },
            new Operation("POST", "reload", AccessNeed.Changing, "Reloads the configuration files.", ReloadAsync) { Response = "Outcome" },
            new Operation("POST", RunbeamReload, AccessNeed.Reading,
                "The same for the `runbeam` command line, at `/api/reload` whatever the base path is: on a loopback network it needs no token, because "
                    + "the files are also checked every second.", ReloadForRunbeamAsync) { Response = "Outcome" },
            Probe("health/live", "Checks that the process responds.", call => Alive(call.Request), Alive),
            Probe("health/ready", "Whether the gateway is ready for requests; 503 if not.", Ready, request => Status(request, 503, "starting")),
            Change("POST", "drain", "Drains the gateway: it reports not ready, then accepts no new connections; the process runs until it is stopped.",
                "Draining", Drain, status: 202),
            Read("metrics", "Metrics in the text format of Prometheus, or as OpenMetrics for clients that accept it.", null,
                Metrics) with { MediaType = "text/plain" },
            Read("log", "The last lines of the log, at most 1000, without those of `log_dump`; with `after=NUMBER` only later lines.",
                "Log", Log) with { QueryParameters = ["after"] },
            Read("log-level", "The log level.", "LogLevel", call => call.Answer(LogLevel(call.Gateway))),
            new Operation("PUT", "log-level", AccessNeed.Changing, "Changes the log level until DELETE or the end of the gateway.",
                SetLogLevelAsync) { BodySchema = LevelSchema, Response = "LogLevel" },
            new Operation("POST", "log-level", AccessNeed.Changing, "The same as PUT.", SetLogLevelAsync) { BodySchema = LevelSchema, Response = "LogLevel" },
            Change("DELETE", "log-level", "Returns to the log level of the configuration.", "LogLevel", call => SetLogLevel(call, "")),
            Read("openapi.json", "This description.", "OpenApi", call => call.Answer(OpenApiDocument.Of(Operations!, Prefix))),
            .. CloudOperations.All(isSteered),
        ];
    }

    /// <summary>All operations of the API.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    private const string LevelSchema = """
        {"type":"object","required":["level"],"properties":{"level":{"type":"string","description":"warn, or warn,harmony.http=debug"}}}
        """;

    /// <summary>Prefix of paths in links; empty if the API is at the root.</summary>
    private string BasePath => _section.BasePath.Trim('/') is { Length: > 0 } path ? "/" + path : "";

    private string Prefix => "/" + _section.BasePath.Trim('/');

    /// <summary>The path of a request below the prefix, in segments; a path outside the prefix, such as <c>/metrics</c>, is returned whole.</summary>
    public static string[] SegmentsOf(RequestEnvelope request)
        => (request.Path.Trim('/') == RunbeamReload ? RunbeamReload : request.PathBelowPrefix.Trim('/')).Split('/');

    /// <summary>The operation of a request; null if there is none.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path below the prefix, in segments.</param>
    /// <param name="values">The values of the path's parameters.</param>
    /// <param name="allowed">Methods of the path if the method does not match.</param>
    public Operation? Find(string method, string[] path, out string[] values, out IReadOnlyList<string> allowed)
    {
        var others = new List<string>();
        foreach (var operation in Operations)
        {
            if (!operation.TryMatch(path, out values)) continue;
            if (operation.TakesMethod(method))
            {
                allowed = [];
                return operation;
            }

            others.Add(operation.Method);
        }

        values = [];
        allowed = others;
        return null;
    }

    private static Operation Read(string path, string summary, string? response, Func<OperationCall, ResponseEnvelope> run)
        => new("GET", path, AccessNeed.Reading, summary, call => new ValueTask<ResponseEnvelope>(run(call))) { Response = response };

    private static Operation Change(string method, string path, string summary, string response, Func<OperationCall, ResponseEnvelope> run, int status = 200)
        => new(method, path, AccessNeed.Changing, summary, call => new ValueTask<ResponseEnvelope>(run(call))) { Response = response, Status = status };

    private static Operation Probe(string path, string summary, Func<OperationCall, ResponseEnvelope> run,
        Func<RequestEnvelope, ResponseEnvelope> whileStarting)
        => new("GET", path, AccessNeed.Nothing, summary, call => new ValueTask<ResponseEnvelope>(run(call)))
        {
            Response = "Status",
            WhileStarting = whileStarting
        };

    private static Operation Page(string path, string summary, Func<OperationCall, string> write)
        => new("GET", path, AccessNeed.Reading, summary, call => new ValueTask<ResponseEnvelope>(Html(call, write(call)))) { MediaType = "text/html" };

    private static ResponseEnvelope Html(OperationCall call, string page)
    {
        var response = JsonAnswer.Bytes(call.Request, 200, Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8");
        response.Headers.Add("content-security-policy", StatusPage.Policy);
        return response;
    }

    private static ResponseEnvelope Alive(RequestEnvelope request) => Status(request, 200, "alive");

    private static ResponseEnvelope Ready(OperationCall call)
    {
        var readiness = call.Gateway.Readiness;
        return Status(call.Request, readiness == Readiness.Ready ? 200 : 503, readiness.ToString().ToLowerInvariant());
    }

    private static ResponseEnvelope Status(RequestEnvelope request, int status, string word)
        => JsonAnswer.Of(request, status, new JsonObject { ["status"] = word });

    private static ResponseEnvelope Drain(OperationCall call)
    {
        call.Gateway.BeginDrain();
        // This request is one of them.
        return call.Answer(new JsonObject { ["status"] = "draining", ["in_flight"] = Math.Max(0, call.Gateway.InFlight - 1) }, 202);
    }

    private static ResponseEnvelope Steer(OperationCall call, bool enable)
    {
        var targets = TargetsView.Find(call.Gateway.Snapshot, call.Values[0], call.Values[1]);
        if (targets.Count == 0) return call.NotFound($"backend '{call.Values[0]}' has no target '{call.Values[1]}'");
        foreach (var target in targets)
        {
            if (enable) target.Enable();
            else target.Drain();
        }

        return call.Answer(new JsonObject { ["targets"] = new JsonArray([.. targets.Select(t => TargetsView.Of(call.Values[0], t))]) });
    }

    /// <summary>Pages of browsers say where they come from; the command line is none.</summary>
    private static async ValueTask<ResponseEnvelope> ReloadForRunbeamAsync(OperationCall call)
        => call.Request.Headers["origin"] is null && call.Request.Headers["sec-fetch-site"] is null
            ? await ReloadAsync(call)
            : JsonAnswer.Error(call.Request, 403, "Forbidden", "a web page may not send this request");

    private static async ValueTask<ResponseEnvelope> ReloadAsync(OperationCall call)
        => Outcome(call, await call.Gateway.Reloader.ReloadAsync("management API"));

    private static async ValueTask<ResponseEnvelope> RollbackAsync(OperationCall call)
    {
        if (!int.TryParse(call.Values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw OperationCall.Malformed($"'{call.Values[0]}' is no number of a version");
        try
        {
            return Outcome(call, await call.Gateway.Reloader.RollbackAsync(version));
        }
        catch (KeyNotFoundException e)
        {
            return call.NotFound(e.Message);
        }
    }

    private static ResponseEnvelope Outcome(OperationCall call, Reloading.ReloadStatus status)
        => call.Answer(ReloadView.Of(status), status.LastSucceeded ? 200 : 422);

    private static async ValueTask<ResponseEnvelope> ValidateAsync(OperationCall call)
    {
        var files = UploadedFiles.Of(await call.ReadObjectAsync(ManagementBackend.MaxBodySize), call.Gateway.Snapshot.Config);
        var result = await call.Gateway.TryAsync(files, call.Ct);
        return call.Answer(ReloadView.Of(result));
    }

    private static async ValueTask<ResponseEnvelope> TryAsync(OperationCall call)
    {
        var request = TrialRequest.Of(await call.ReadObjectAsync(ManagementBackend.MaxBodySize));
        return call.Answer(Cli.JsonOutput.ToNode(await new RequestTrial(call.Gateway.Snapshot, log: null).RunAsync(request, call.Ct)));
    }

    private static ResponseEnvelope Metrics(OperationCall call)
    {
        if (call.Gateway.Metrics is not { } metrics) return JsonAnswer.Error(call.Request, 503, "Unavailable", "nothing is measured yet");
        var format = AcceptedMetrics.FormatOf(call.Request.Headers);
        return JsonAnswer.Bytes(call.Request, 200, new PrometheusText(metrics).Write(format), PrometheusText.ContentTypeOf(format));
    }

    private static ResponseEnvelope Log(OperationCall call)
    {
        var after = call.Request.QueryParams.TryGetValue("after", out var values)
            && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var (entries, last) = call.Gateway.RecentLines.After(after);
        return call.Answer(new JsonObject { ["entries"] = new JsonArray([.. entries.Select(JsonNode (e) => JsonValue.Create(e))]), ["last"] = last });
    }

    private static JsonObject LogLevel(IManagedGateway gateway)
        => new() { ["level"] = gateway.LogLevels.ToString(), ["override"] = gateway.LogLevels.Override };

    private static async ValueTask<ResponseEnvelope> SetLogLevelAsync(OperationCall call)
    {
        var body = await call.ReadObjectAsync(MaxSmallBody);
        return body["level"] is JsonValue value && value.TryGetValue<string>(out var level)
            ? SetLogLevel(call, level)
            : throw OperationCall.Malformed("the body must be {\"level\": \"debug\"}, or names of targets with levels: \"warn,harmony.http=debug\"");
    }

    private static ResponseEnvelope SetLogLevel(OperationCall call, string level)
        => call.Gateway.LogLevels.TryOverride(level, out var problems)
            ? call.Answer(LogLevel(call.Gateway)) : throw OperationCall.Malformed(string.Join("; ", problems));
}
