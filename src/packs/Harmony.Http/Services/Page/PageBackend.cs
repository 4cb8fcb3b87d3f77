using System.Net;
using System.Text;
using Harmony.Core.Building;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Page;

/// <summary><c>[backends.NAME.options]</c> of a <c>page</c> backend.</summary>
public sealed record PageBackendOptions : ConfigNode
{
    /// <summary>Heading of the page; the gateway's name when absent.</summary>
    public string? Title { get; init; }
}

/// <summary>Answers with a page that shows what this gateway offers and how to change it. Written once, when the configuration is loaded.</summary>
internal sealed class PageBackend(ReadOnlyMemory<byte> page) : IBackend
{
    public static PageBackend Create(PageBackendOptions options, BackendContext context)
        => new(Encoding.UTF8.GetBytes(PageWriter.Write(options.Title ?? context.Config.Proxy.Name ?? "Harmony", context.Config)));

    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.PathBelowPrefix is not ("" or "/")) return new ValueTask<ResponseEnvelope>(new ResponseEnvelope(request, 404));
        if (request.Method is not ("GET" or "HEAD"))
        {
            var refused = new ResponseEnvelope(request, 405);
            refused.Headers.Add("allow", "GET, HEAD");
            return new ValueTask<ResponseEnvelope>(refused);
        }

        var response = new ResponseEnvelope(request, 200) { Body = Body.FromBytes(page) };
        response.Headers.Add("content-type", "text/html; charset=utf-8");
        response.Headers.Add("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
        return new ValueTask<ResponseEnvelope>(response);
    }
}

/// <summary>Writes the page. Shows names, descriptions and paths of the configuration, and nothing of its options.</summary>
internal static class PageWriter
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1d2733}"
        + "h1{margin-bottom:0}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #d5dde5}"
        + "code,pre{background:#f1f4f7;border-radius:4px;padding:.1rem .3rem}pre{padding:.8rem}";

    public static string Write(string title, ConfigSet config)
    {
        var page = new StringBuilder();
        page.Append($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Text(title)}</title><style>{Style}</style></head><body>");
        page.Append($"<h1>{Text(title)}</h1><p>This gateway is running. Requests enter by an endpoint, pass a pipeline of middleware, and are handled by a backend.</p>");
        page.Append("<table><tr><th>Pipeline</th><th>Paths</th><th>What it is for</th></tr>");
        foreach (var pipeline in config.Pipelines.Where(p => p.File != ManagementTables.File))
        {
            var section = pipeline.Section;
            var paths = (section.Endpoints ?? []).Select(e => PathOf(config, e, pipeline.File)).OfType<string>().Concat(section.Path is null ? [] : [section.Path]);
            page.Append($"<tr><td>{Text(pipeline.Name)}</td><td>{string.Join("<br>", paths.Select(p => $"<code>{Text(p)}</code>"))}</td><td>{Text(section.Description)}</td></tr>");
        }

        page.Append("</table><h2>How to change it</h2>");
        page.Append($"<p>It is described by <code>{Text(Path.GetFileName(config.MainFile))}</code> and the files in its <code>{Text(config.Proxy.PipelinesPath)}/</code> folder.");
        page.Append(" Changes are taken over as soon as they are saved; what is wrong with one is said in the log, and the gateway goes on as before.</p>");
        page.Append("<pre>harmony check   --config config.toml   # every mistake, with file, line and column\n");
        page.Append("harmony explain --config config.toml   # what the files mean\nharmony modules                         # what they may say</pre>");
        AppendManagement(page, config);
        return page.Append("</body></html>").ToString();
    }

    /// <summary>Names the API only where nobody but this machine reaches it, or whoever reads the page would learn what to knock at.</summary>
    private static void AppendManagement(StringBuilder page, ConfigSet config)
    {
        if (!config.Management.Enabled) return;
        var network = config.Networks.Find(config.Management.Network ?? ManagementTables.Name, config.MainFile)?.Section;
        if (network?.TcpConfig is not { HasTls: false } tcp || !Addresses.IsLoopback(network)) return;
        var root = $"http://{tcp.BindAddress}:{tcp.BindPort}/{config.Management.BasePath.Trim('/')}";
        page.Append($"<h2>How to watch it</h2><pre>curl {Text(root)}/info\ncurl {Text(root)}/config/status\ncurl {Text(root)}/metrics</pre>");
    }

    private static string? PathOf(ConfigSet config, string endpoint, string file)
    {
        var options = config.Endpoints.Find(endpoint, file)?.Section.Options?.Table;
        if (options is null) return null;
        foreach (var key in new[] { "path_prefix", "path" })
        {
            if (options.TryGet(key, out var entry) && entry.Value is TomlString path) return path.Value;
        }

        return null;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
