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
    private const string Style = """
        :root { color-scheme: light dark; --back: #fff; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --code: #f0f3f6 }
        @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --ink: #e6edf3; --soft: #9da7b1; --line: #30363d; --code: #1c2129 } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem; background: var(--back); color: var(--ink) }
        h1 { margin: 0 } h2 { font-size: 1.15rem; margin: 1.8rem 0 .4rem } p { margin: .4rem 0 } a { color: inherit }
        .soft, th { color: var(--soft); font-weight: 400 }
        .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
        td, th { text-align: left; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        code, pre { background: var(--code); border-radius: 4px; padding: .1rem .3rem; font-size: .92em }
        pre { padding: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 }
        """;

    public static string Write(string title, ConfigSet config)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Append($"<title>{Text(title)} · Harmony</title><style>{Style}</style></head><body><main>");
        page.Append($"<h1>{Text(title)}</h1><p class=\"soft\">This gateway runs. A request enters by an endpoint, passes middleware, and is handled by a "
            + "backend; together they are a pipeline.</p>");
        AppendPipelines(page, config);
        page.Append("<h2>Change it</h2>");
        page.Append(
            $"<p>Edit <code>{Text(Path.GetFileName(config.MainFile))}</code>, or add a file to its folder <code>{Text(config.Proxy.PipelinesPath)}/</code>.");
        page.Append(
            " The gateway takes a change up as soon as you save it. When a file has a mistake, the log says where, and the gateway goes on as before.</p>");
        var file = Text(Path.IsPathRooted(config.MainFile) ? Path.GetFileName(config.MainFile) : config.MainFile);
        page.Append($"<pre>harmony check {file}\nharmony try GET / -c {file}\nharmony explain -c {file}\nharmony init dicom-store --folder "
            + "another</pre>");
        AppendManagement(page, config);
        return page.Append("</main></body></html>").ToString();
    }

    private static void AppendPipelines(StringBuilder page, ConfigSet config)
    {
        page.Append("<h2>Pipelines</h2><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Pipelines\"><table><thead><tr><th "
            + "scope=\"col\">name</th><th scope=\"col\">paths</th><th scope=\"col\">what it is for</th></tr></thead><tbody>");
        foreach (var pipeline in config.Pipelines.Where(p => p.File != ManagementTables.File))
        {
            var section = pipeline.Section;
            var paths = (section.Endpoints ?? []).Select(e => PathOf(config, e, pipeline.File)).OfType<string>()
                .Concat(section.Path is null ? [] : [section.Path]);
            var description = section.Gives("description") ? section.Description : "";
            page.Append($"<tr><td>{Text(pipeline.Name)}</td><td>{string.Join("<br>", paths.Select(Link))}</td><td>{Text(description)}</td></tr>");
        }

        page.Append("</tbody></table></div>");
    }

    /// <summary>A path that means one place is a link; a pattern means many.</summary>
    private static string Link(string path)
        => path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && path.AsSpan().IndexOfAny("{*\\") < 0
            ? $"<a href=\"{Text(path)}\"><code>{Text(path)}</code></a>"
            : $"<code>{Text(path)}</code>";

    /// <summary>Names the API only where this machine alone reaches it. Elsewhere readers of the page would learn an address to attack.</summary>
    private static void AppendManagement(StringBuilder page, ConfigSet config)
    {
        if (!config.Management.Enabled) return;
        var network = config.Networks.Find(config.Management.Network ?? ManagementTables.Name, config.MainFile)?.Section;
        if (network?.TcpConfig is not { HasTls: false } tcp || !Addresses.IsLoopback(network)) return;
        var root = $"http://{tcp.BindAddress}:{tcp.BindPort}/{config.Management.BasePath.Trim('/')}";
        page.Append($"<h2>Watch it</h2><p>See <a href=\"{Text(root)}\">how it is doing</a>, or ask at a terminal:</p><pre>harmony "
            + $"status\ncurl {Text(root)}/info\ncurl {Text(root)}/metrics</pre>");
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
