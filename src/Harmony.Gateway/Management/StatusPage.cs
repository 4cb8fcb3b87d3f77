using System.Globalization;
using System.Net;
using System.Text;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management.Views;

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
        :root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #c62828; --unknown: #666; }
        @media (prefers-color-scheme: dark) { :root { --good: #4cc76a; --bad: #ff7b72; --unknown: #aaa; } }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 75rem; }
        h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem }
        .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        .up, .ready { color: var(--good) } .down, .draining { color: var(--bad); font-weight: 600 } .unknown, .drained { color: var(--unknown) }
        .flow { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin: .3rem 0 1rem; padding: 0; list-style: none }
        .flow li { border: 1px solid var(--line); border-radius: .4rem; padding: .2rem .6rem; overflow-wrap: anywhere }
        .flow li + li::before { content: "→ "; color: var(--unknown) }
        .look { border-left: .3rem solid var(--bad); padding-left: .8rem }
        """;

    /// <summary>What to know of a version that a rollback could not write to the disk.</summary>
    internal const string FromHistory = "the files on the disk could not be written and say something else: they count again when one of them changes, and at the next start";

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
        page._html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name} · Harmony</title><style>{Style}</style></head><body>");
        var status = gateway.Readiness.ToString().ToLowerInvariant();
        page._html.Append(CultureInfo.InvariantCulture, $"<header><h1>{name} <span class=\"{status}\">{status}</span></h1><p>Harmony {Text(Banner.Version)}, since {At(gateway.StartedAt)}; requests under way: {gateway.InFlight}</p></header><main>");
        page.Reload(gateway);
        page.Pipelines(gateway.Snapshot);
        page.Targets(gateway.Snapshot);
        page.Certificates(ServedCertificates.Of(config), now);
        page._html.Append(CultureInfo.InvariantCulture, $"</main><footer><p>For programs: <a href=\"{Text(prefix)}/openapi.json\">openapi.json</a>, <a href=\"{Text(prefix)}/metrics\">metrics</a>, <a href=\"{Text(prefix)}/targets\">targets</a>, <a href=\"{Text(prefix)}/config/status\">config/status</a>, <a href=\"{Text(prefix)}/config/history\">config/history</a>. At a terminal: <code>harmony status</code>.</p></footer></body></html>");
        return page._html.ToString();
    }

    private void Reload(IManagedGateway gateway)
    {
        var status = gateway.Reloader.Status;
        _html.Append(CultureInfo.InvariantCulture, $"<h2>Configuration</h2><p>Version {status.Version} of <code>{Text(gateway.Snapshot.Config.MainFile)}</code> runs since {At(status.AppliedAt)} ({Text(status.LastReason)}).</p>");
        if (status is { LastSucceeded: true, RunsFromHistory: true }) _html.Append($"<p class=\"look\">{FromHistory}.</p>");
        if (status.LastSucceeded) return;
        _html.Append(CultureInfo.InvariantCulture, $"<div class=\"look\"><p>The files do not load ({At(status.LastAttempt)}); that version still runs.</p><ul>");
        foreach (var problem in status.LastProblems.Where(p => p.Severity == ConfigSeverity.Error)) _html.Append(CultureInfo.InvariantCulture, $"<li>{Text(problem.ToString())}</li>");
        _html.Append("</ul></div>");
    }

    private void Pipelines(GatewaySnapshot snapshot)
    {
        _html.Append("<h2>Pipelines</h2>");
        foreach (var pipeline in snapshot.Pipelines.Where(p => p.Name != ManagementTables.Name))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<h3>{Text(pipeline.Name)}{(pipeline.InactiveReason is { } reason ? $" <span class=\"down\">answers 503: {Text(reason)}</span>" : "")}</h3><ul class=\"flow\">");
            Box(string.Join(", ", pipeline.Networks));
            Box(string.Join(", ", pipeline.Endpoints.Select(e => e.Name)));
            foreach (var step in pipeline.Left) Box(step.ToString());
            Box(pipeline.Backends.Count == 0 ? "an empty answer" : string.Join(" or ", pipeline.Backends.Select(b => b.Name)));
            if (pipeline.Backends.SelectMany(b => b.Targets).ToList() is { Count: > 0 } targets) Box(string.Join(", ", targets));
            _html.Append("</ul>");
        }
    }

    private void Targets(GatewaySnapshot snapshot)
    {
        var all = TargetsView.All(snapshot).ToList();
        if (all.Count == 0) return;
        Table("Targets", ["backend", "target", "state", "since", "under way", "last error"], all.Select(t =>
        {
            var state = TargetsView.StateOf(t.Target);
            return new[] { Text(t.Backend), Text(t.Target.Name), $"<span class=\"{state}\">{state}</span>", t.Target.DownSince is { } since ? At(since) : "", $"{t.Target.InFlight}", Text(t.Target.DownReason ?? "") };
        }));
    }

    private void Certificates(IReadOnlyList<ServedCertificate> certificates, DateTimeOffset now)
    {
        if (certificates.Count == 0) return;
        Table("Certificates", ["used by", "file", "ends", "days left"], certificates.Select(c => new[]
        {
            Text(c.UsedBy), Text(c.File), At(c.NotAfter), c.DaysLeft(now) is < CertificateChecks.SoonDays and var few ? $"<span class=\"down\">{few}</span>" : $"{c.DaysLeft(now)}",
        }));
    }

    private void Box(string text) => _html.Append(CultureInfo.InvariantCulture, $"<li>{Text(text)}</li>");

    /// <summary>Cells are HTML already.</summary>
    private void Table(string title, string[] columns, IEnumerable<string[]> rows)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        foreach (var column in columns) _html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{column}</th>");
        _html.Append("</tr></thead><tbody>");
        foreach (var row in rows) _html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{cell}</td>")).Append("</tr>");
        _html.Append("</tbody></table></div>");
    }

    /// <summary>A time as operators write it, in UTC.</summary>
    internal static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
