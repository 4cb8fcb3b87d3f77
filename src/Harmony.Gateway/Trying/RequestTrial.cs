using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;
using Harmony.Http.Adapters.Http;
using Harmony.Imaging.Adapters.Dimse;

namespace Harmony.Gateway.Trying;

/// <summary>
/// Takes a request through route, endpoint, middleware and backend of a configuration as a listener would, and writes down what each of them did.
/// </summary>
/// <param name="snapshot">The configuration.</param>
/// <param name="log">What its modules log; null where that goes elsewhere.</param>
internal sealed class RequestTrial(GatewaySnapshot snapshot, TrialLog? log)
{
    private const string RequestId = "00000000000000000000000000007e57";

    /// <summary>Tries a request.</summary>
    public async Task<TrialReport> RunAsync(TrialRequest request, CancellationToken ct)
    {
        var report = new TrialReport(request.Method, request.Path);
        if (request.Operation is { } operation) return await OperateAsync(request, operation, report, ct);
        if (!RequestTarget.TryParse(request.Path, out var target, out var reason)) return Ended(report, 400, reason);
        if (Route(request, target.Path, report) is not var (network, match)) return report;
        if ((target.Oddities & ~match.Value.Endpoint.AllowedOddities) is not PathOddities.None and var oddities)
        {
            return Ended(report, 400, $"the path holds {oddities}, which endpoint '{match.Value.EndpointName}' does not allow");
        }

        if (match.Value.Endpoint.MaxBodySize < request.Body.Length)
            return Ended(report, 413, $"the body is larger than max_body_size of endpoint '{match.Value.EndpointName}'");
        (report.Network, report.Pipeline) = (network.Name, match.Value.Pipeline.Name);
        using var envelope = Envelope(request, target, match, network, ct);
        var path = envelope.PathBelowPrefix.Length == 0 ? "/" : envelope.PathBelowPrefix;
        await PassAsync(request, new Entry(envelope, match.Value, $"takes the request; path for the backend: {path}"), report, ct);
        return report;
    }

    private async Task<TrialReport> OperateAsync(TrialRequest request, OfferedOperation operation, TrialReport report, CancellationToken ct)
    {
        try
        {
            var (entered, reason) = await operation.EnterAsync(snapshot, RequestId, ct);
            if (entered is null) return Ended(report, 403, reason);
            using var envelope = entered.Request;
            (report.Network, report.Pipeline) = (entered.Network, entered.Route.Pipeline.Name);
            var said = $"takes {operation.Method} from '{operation.CallingAet}'";
            await PassAsync(request, new Entry(envelope, entered.Route, said) { Operation = entered }, report, ct);
        }
        catch (GatewayException e)
        {
            Ended(report, FaultStatuses.Of(e), e.Message);
        }

        return report;
    }

    private (NetworkModel Network, RouteMatch<RouteTarget> Match)? Route(TrialRequest request, string path, TrialReport report)
    {
        var networks = snapshot.Networks.Where(n => request.Network is null ? n.ServesHttp : n.Name == request.Network).ToList();
        foreach (var network in networks)
        {
            var match = network.Routes.Match(path, request.Method);
            if (match.Outcome == RouteOutcome.Found) return (network, match);
            if (match.Outcome == RouteOutcome.MethodNotAllowed)
                Ended(report, 405, $"network '{network.Name}' takes this path by {string.Join(", ", match.AllowedMethods)} only");
        }

        if (networks.Count == 0) Ended(report, 404, request.Network is null ? "no network serves HTTP" : $"there is no network '{request.Network}'");
        else if (report.Status is null) Ended(report, 404, $"no route of {string.Join(", ", networks.Select(n => $"'{n.Name}'"))} takes this path");
        return null;
    }

    private static RequestEnvelope Envelope(TrialRequest request, in RequestTarget target, in RouteMatch<RouteTarget> match, NetworkModel network,
        CancellationToken ct)
    {
        var headers = new HeaderFields(request.Headers.Count + 2);
        foreach (var field in request.Headers) headers.Add(field.Name, field.Value);
        if (!headers.Contains("host")) headers.Add("Host", "localhost");
        if (!request.Body.IsEmpty && !headers.Contains("content-length")) headers.Add("Content-Length", $"{request.Body.Length}");
        return new RequestEnvelope
        {
            Protocol = "http",
            Method = request.Method,
            Host = headers["host"]!,
            Path = target.Path,
            PathBelowPrefix = match.Value.StripsPrefix ? target.Path[match.PrefixLength..] : target.Path,
            Query = target.Query,
            HasEmptyQuery = target.HasEmptyQuery,
            Headers = headers,
            Body = request.Body.IsEmpty ? Body.Empty() : Body.FromBytes(request.Body),
            RemoteAddress = IPAddress.Loopback,
            ClientAddress = IPAddress.Loopback,
            ForwardedBy = network.ForwardedBy,
            RequestId = RequestId,
            EndpointName = match.Value.EndpointName,
            ViaName = match.Value.Pipeline.ViaName,
            Aborted = ct,
        };
    }

    private async Task PassAsync(TrialRequest request, Entry entry, TrialReport report, CancellationToken ct)
    {
        var route = entry.Route;
        var model = snapshot.Pipelines.First(p => p.Name == route.Pipeline.Name);
        var endpoint = new TrialStep("endpoint", route.EndpointName, model.Endpoints.FirstOrDefault(e => e.Name == route.EndpointName)?.Service ?? "http")
        {
            Said = entry.Said,
        };
        report.Steps.Add(endpoint);
        log?.Take();
        var limit = snapshot.Config.Proxy.ContentLimits.MaxBodySize;
        var watch = new WatchedPipeline(request, model, report, log, limit);
        try
        {
            await using var response = await route.Pipeline.Intercepted(watch).RunAsync(entry.Envelope, route.Endpoint, ct);
            report.DimseStatus = response.Refusal is { } refused ? entry.Operation?.StatusOf(refused) : entry.Operation?.StatusOf(response);
            if (response.Refusal is { } refusal) Ended(report, FaultStatuses.Of(refusal), refusal.Reason);
            else await AnsweredAsync(report, response, limit, ct);
        }
        catch (Exception e) when (e is NothingSentException || e.InnerException is NothingSentException) // a step that asked is taken to have failed by it
        {
            report.Outcome = "nothing was sent";
        }
        catch (GatewayException e)
        {
            report.DimseStatus = entry.Operation?.StatusOf(e);
            Ended(report, FaultStatuses.Of(e), e.Message);
        }

        endpoint.Log.AddRange(report.Steps.Count == 1 ? log?.Take() ?? [] : []);
    }

    private static async Task AnsweredAsync(TrialReport report, ResponseEnvelope response, long limit, CancellationToken ct)
    {
        Ended(report, response.Status, "the response");
        report.Headers = [.. response.Headers.Select(f => $"{f.Name}: {(SensitiveNames.Contains(f.Name) ? SensitiveNames.Mask : f.Value)}")];
        var text = await MessageState.TextAsync(response.Body, limit, ct);
        report.Body = text.Length == 0 ? null : text;
    }

    /// <summary>How a request has come in.</summary>
    private sealed record Entry(RequestEnvelope Envelope, RouteTarget Route, string Said)
    {
        /// <summary>The operation, where it came by DIMSE.</summary>
        public EnteredOperation? Operation { get; init; }
    }

    private static TrialReport Ended(TrialReport report, int status, string outcome)
    {
        (report.Status, report.Outcome) = (status, outcome);
        return report;
    }
}

/// <summary>The request has come to its backend, which is not to be asked. Ends the way through the pipeline.</summary>
internal sealed class NothingSentException : Exception;
