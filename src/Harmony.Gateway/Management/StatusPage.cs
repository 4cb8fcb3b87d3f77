using System.Globalization;
using System.Net;
using System.Text;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Gateway.Drawing;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management.Views;
using Harmony.Gateway.Metrics;

namespace Harmony.Gateway.Management;

/// <summary>
/// The one place to look at: what runs, what needs a look, the pipelines drawn, targets, certificates. Made here, of one piece and without script, so that
/// it works in any browser and nothing is fetched from anywhere. It only reads.
/// </summary>
internal sealed class StatusPage
{
    /// <summary>What the page may load: its own style and nothing else.</summary>
    public const string Policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string Style = """
        :root { color-scheme: light dark; --back: #fff; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --good: #1a7f37; --bad: #c62828;
        --unknown: #57606a; --note: #fff5f5 }
        @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --ink: #e6edf3; --soft: #9da7b1; --line: #30363d; --good: #4cc76a; --bad: #ff7b72;
        --unknown: #9da7b1; --note: #2a1618 } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem 1.2rem 2rem; max-width: 75rem; background: var(--back); color: var(--ink) }
        header { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; border-bottom: 1px solid var(--line); padding-bottom: .6rem }
        h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem } h3 { font-size: .95rem; margin: 1rem 0 .3rem }
        p { margin: .3rem 0 }
        header p, footer { color: var(--soft) } footer { margin-top: 2rem } a { color: inherit } code { overflow-wrap: anywhere }
        .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        th { color: var(--soft); font-weight: 500 } th, td:not(:last-child) { white-space: nowrap } td:last-child { min-width: 24rem }
        .badge { font-size: .85rem; font-weight: 600; border: 1px solid; border-radius: 1rem; padding: .05rem .6rem; vertical-align: .15rem }
        .up, .ready { color: var(--good) } .down, .draining { color: var(--bad); font-weight: 600 } .unknown, .drained { color: var(--unknown) }
        .look { border-left: .3rem solid var(--bad); background: var(--note); padding: .5rem .8rem; margin: .8rem 0 }
        @media (max-width: 48rem) { thead { display: none } table, tbody, tr, td { display: block }
        tr { border-bottom: 1px solid var(--line); padding: .4rem 0 }
        th, td:not(:last-child) { white-space: normal } td { border: 0; padding: .1rem 0; overflow-wrap: anywhere } td:last-child { min-width: 0 }
        td:empty { display: none } td::before { content: attr(data-label) ": "; color: var(--soft) } }
        .look ul { margin: .3rem 0; padding-left: 1.2rem } .look li { overflow-wrap: anywhere }
        """;

    /// <summary>What to know of a version that a rollback could not write to the disk.</summary>
    internal const string FromHistory = "the files on the disk could not be written and say something else: they count again when one of them changes, and at "
        + "the next start";

    private static readonly string[] FailureColumns = ["ended", "request id", "method", "status", "pipeline", "target", "reason"];

    private readonly StringBuilder _html = new();

    private StatusPage()
    {
    }

    /// <summary>The page, as HTML.</summary>
    /// <param name="gateway">What it shows.</param>
    /// <param name="prefix">Where the API is: <c>/admin</c>.</param>
    public static string Of(IManagedGateway gateway, string prefix)
    {
        var page = new StatusPage();
        var (config, now) = (gateway.Snapshot.Config, gateway.StartedAt + gateway.Uptime);
        var name = Text(config.Proxy.Name ?? config.Proxy.Id ?? "harmony");
        page._html.Append(CultureInfo.InvariantCulture,
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
                + $"initial-scale=1\"><title>{name} · Harmony</title><style>{Style}{SvgDrawing.Style}{TrafficChart.Style}</style></head><body>");
        var status = gateway.Readiness.ToString().ToLowerInvariant();
        page._html.Append(CultureInfo.InvariantCulture,
            $"<header><h1>{name} <span class=\"badge {status}\">{status}</span></h1><p>Harmony {Text(Banner.Version)}, since {At(gateway.StartedAt)}; "
                + $"requests under way: {Math.Max(0, gateway.InFlight - 1)}</p></header><main>");
        page.Faults(gateway, now);
        page.Reload(gateway);
        page.Traffic(gateway);
        page.Pipelines(gateway);
        page.Targets(gateway.Snapshot);
        page.Failures(gateway.Metrics?.Failures);
        page.Certificates(ServedCertificates.Of(config), now);
        page._html.Append(CultureInfo.InvariantCulture,
            $"</main><footer><p><a href=\"{Text(prefix)}/api\">Management API</a>. For programs: <a href=\"{Text(prefix)}/openapi.json\">openapi.json</a>, <a "
                + $"href=\"{Text(prefix)}/metrics\">metrics</a>, <a href=\"{Text(prefix)}/targets\">targets</a>, <a "
                + $"href=\"{Text(prefix)}/failures\">failures</a>, <a href=\"{Text(prefix)}/config/status\">config/status</a>, <a "
                + $"href=\"{Text(prefix)}/config/history\">config/history</a>. At a terminal: <code>harmony status</code>.</p></footer></body></html>");
        return page._html.ToString();
    }

    private void Reload(IManagedGateway gateway)
    {
        var status = gateway.Reloader.Status;
        _html.Append(CultureInfo.InvariantCulture,
            $"<h2>Configuration</h2><p>Version {status.Version} of <code>{Text(gateway.Snapshot.Config.MainFile)}</code> runs since {At(status.AppliedAt)}"
                + $"{(status.LastSucceeded ? $" ({Text(status.LastReason)})" : "")}.</p>");
        if (status is { LastSucceeded: true, RunsFromHistory: true }) _html.Append($"<p class=\"look\">{FromHistory}.</p>");
        if (status.LastSucceeded) return;
        _html.Append(CultureInfo.InvariantCulture,
            $"<div class=\"look\"><p>The files do not load ({At(status.LastAttempt)}, {Text(status.LastReason)}); that version still runs.</p><ul>");
        foreach (var problem in status.LastProblems.Where(p => p.Severity == ConfigSeverity.Error))
            _html.Append(CultureInfo.InvariantCulture, $"<li>{Text(problem.ToString())}</li>");
        _html.Append("</ul></div>");
    }

    /// <summary>What is not as it should be, before everything else.</summary>
    private void Faults(IManagedGateway gateway, DateTimeOffset now)
    {
        var down = TargetsView.All(gateway.Snapshot).Where(t => TargetsView.StateOf(t.Target) == "down")
            .Select(t => $"Target '{t.Target.Name}' of backend '{t.Backend}' is down"
                + $"{(t.Target.DownSince is { } since ? $" since {At(since)}" : "")}: {t.Target.DownReason}");
        var ending = ServedCertificates.Of(gateway.Snapshot.Config).Where(c => c.DaysLeft(now) < CertificateChecks.SoonDays)
            .Select(c => $"The certificate '{c.File}' of [{c.UsedBy}] {(c.DaysLeft(now) < 0 ? "has expired" : $"ends in {c.DaysLeft(now)} days")}.");
        var closed = gateway.Snapshot.Networks.Where(n => n.StaysClosed)
            .Select(n => $"Network '{n.Name}' is closed, because its certificate or key cannot be used; it opens when the file is replaced.");
        closed = closed.Concat(ConfigStatusView.ClosedEndpoints(gateway.Snapshot)
            .Select(e => $"Endpoint '{e}' is closed, because its certificate or key cannot be used; it opens when the file is replaced."));
        var faults = closed.Concat(down).Concat(ending).ToList();
        if (faults.Count == 0) return;
        _html.Append("<div class=\"look\" role=\"status\"><ul>");
        foreach (var fault in faults) _html.Append(CultureInfo.InvariantCulture, $"<li>{Text(fault)}</li>");
        _html.Append("</ul></div>");
    }

    private void Traffic(IManagedGateway gateway)
    {
        if (gateway.Metrics?.Traffic.OfAll(except: ManagementTables.Name) is not { } minutes) return;
        _html.Append(CultureInfo.InvariantCulture,
            $"<h2>Last hour</h2><p>{minutes.Sum(m => m.Requests)} requests, {minutes.Sum(m => m.Failed)} failed; at most {minutes.Max(m => m.Requests)} a "
                + $"minute</p>{TrafficChart.Of(minutes)}");
    }

    private void Pipelines(IManagedGateway gateway)
    {
        _html.Append("<h2>Pipelines</h2>");
        foreach (var pipeline in gateway.Snapshot.Pipelines.Where(p => p.Name != ManagementTables.Name))
        {
            var minutes = gateway.Metrics?.Traffic.Of(pipeline.Name) ?? [];
            var reason = pipeline.InactiveReason is { } inactive ? $" <span class=\"down\">responds 503: {Text(inactive)}</span>" : "";
            _html.Append(CultureInfo.InvariantCulture, $"<h3>{Text(pipeline.Name)}{reason}</h3>");
            if (minutes.Sum(m => m.Requests) is > 0 and var count)
                _html.Append(CultureInfo.InvariantCulture,
                    $"<p>{count} {(count == 1 ? "request" : "requests")} in the last hour, {minutes.Sum(m => m.Failed)} failed</p>");
            _html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Pipeline {Text(pipeline.Name)}\">");
            _html.Append(SvgDrawing.Inline(DrawnPipeline.Of(pipeline, t => t.IsEnabled ? TargetsView.StateOf(t) : "drained"))).Append("</div>");
        }
    }

    private void Targets(GatewaySnapshot snapshot)
    {
        var all = TargetsView.All(snapshot).ToList();
        if (all.Count == 0) return;
        Table("Targets", ["backend", "target", "state", "since", "under way", "answered", "failed", "p50 / p95", "last error"], all.Select(t =>
        {
            var (state, traffic) = (TargetsView.StateOf(t.Target), t.Target.Traffic);
            var times = traffic.Median is { } median ? $"{Ms(median)} / {Ms(traffic.NinetyFifth!.Value)}" : "";
            var error = t.Target.DownReason ?? (traffic.LastErrorAt is { } at ? $"{At(at)}: {traffic.LastError}" : "");
            return new[] { Text(t.Backend), Text(t.Target.Name), $"<span class=\"{state}\">{state}</span>", t.Target.DownSince is { } since ? At(since) : "",
                $"{t.Target.InFlight}", $"{traffic.Answered}", $"{traffic.Failed}", times, Text(error) };
        }));
    }

    private static string Ms(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");

    private void Failures(RecentFailures? failures)
    {
        if (failures is null || failures.Failed.Count + failures.Refused.Count == 0) return;
        Table("Failed requests", FailureColumns, failures.Failed.Select(Row));
        Table("Refused requests", FailureColumns, failures.Refused.Select(Row));
        _html.Append(CultureInfo.InvariantCulture,
            $"<p>The last {RecentFailures.Kept} of each since the start. To see the log of a request, run <code>harmony logs --request ID</code>.</p>");

        static string[] Row(FailedRequest r) =>
            [At(r.At), $"<code>{Text(r.RequestId)}</code>", Text(r.Method), $"{r.Status}", Text(r.Pipeline ?? $"none, network {r.Network}"),
                Text(r.Target ?? r.Backend ?? ""), Text(r.Reason)];
    }

    private void Certificates(IReadOnlyList<ServedCertificate> certificates, DateTimeOffset now)
    {
        if (certificates.Count == 0) return;
        Table("Certificates", ["used by", "file", "ends", "days left"], certificates.Select(c => new[]
        {
            Text(c.UsedBy), Text(c.File), At(c.NotAfter),
                c.DaysLeft(now) is < CertificateChecks.SoonDays and var few ? $"<span class=\"down\">{few}</span>" : $"{c.DaysLeft(now)}",
        }));
    }

    /// <summary>Cells are HTML already. Nothing where there are no rows.</summary>
    private void Table(string title, string[] columns, IEnumerable<string[]> cells)
    {
        var rows = cells.ToList();
        if (rows.Count == 0) return;
        _html.Append(CultureInfo.InvariantCulture,
            $"<h2>{title}</h2><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{title}\"><table><thead><tr>");
        foreach (var column in columns) _html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{column}</th>");
        _html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
            _html.Append("<tr>").AppendJoin("", row.Zip(columns, (cell, column) => $"<td data-label=\"{column}\">{cell}</td>")).Append("</tr>");

        _html.Append("</tbody></table></div>");
    }

    /// <summary>A time as operators write it, in UTC.</summary>
    internal static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
