using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Management;

/// <summary>The description of the API for people: the operations with what they take and respond with, as a page without script that loads nothing.</summary>
internal static class ApiPage
{
    private const string Style = """
        :root { color-scheme: light dark; --back: #fff; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --box: #f6f8fa }
        @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --ink: #e6edf3; --soft: #9da7b1; --line: #30363d; --box: #161b22 } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem 1.2rem 2rem; max-width: 62rem; background: var(--back); color: var(--ink) }
        h1 { font-size: 1.4rem }
        h2 { font-size: 1.05rem; margin: 1.6rem 0 .2rem; overflow-wrap: anywhere; border-top: 1px solid var(--line); padding-top: .8rem }
        h3 { font-size: 1rem; margin: 1.2rem 0 .2rem } p { margin: .3rem 0 } a { color: inherit } .soft { color: var(--soft) }
        pre { background: var(--box); padding: .6rem .8rem; overflow-x: auto; font-size: .85rem; line-height: 1.4 } summary { cursor: pointer }
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The page, as HTML.</summary>
    /// <param name="operations">What there is.</param>
    /// <param name="prefix">Where the API is: <c>/admin</c>.</param>
    public static string Of(IReadOnlyList<Operation> operations, string prefix)
    {
        var page = new StringBuilder($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
            + $"initial-scale=1\"><title>Management API · Harmony</title><style>{Style}</style></head><body><main>");
        page.Append($"<h1>Management API</h1><p>Below <code>{Text(prefix)}</code>. For programs: <a href=\"{Text(prefix)}/openapi.json\">openapi.json</a>. "
            + $"Errors are an <a href=\"#Error\">Error</a>, with the status that fits. ");
        page.Append("Proof is the admin token, <code>Authorization: Bearer TOKEN</code>, or a client certificate that <code>admin_certificates</code> "
            + "names.</p>");
        foreach (var operation in operations)
        {
            page.Append($"<h2><code>{operation.Method} {Text($"{prefix}/{operation.Path}".TrimEnd('/'))}</code></h2><p>{Text(operation.Summary)}</p><p "
                + $"class=\"soft\">{NeedOf(operation.Need)} ");
            page.Append(operation.Response is { } name ? $"Responds with <a href=\"#{name}\">{name}</a>.</p>" : $"Responds with {operation.MediaType}.</p>");
            if (operation.BodySchema is { } body)
                page.Append($"<details><summary>Body</summary><pre tabindex=\"0\">{Text(JsonNode.Parse(body)!.ToJsonString(Indented))}</pre></details>");
        }

        page.Append("<h2>Schemas</h2>");
        foreach (var (name, schema) in ResponseSchemas.All())
            page.Append($"<h3 id=\"{name}\">{name}</h3><pre tabindex=\"0\">{Text(schema!.ToJsonString(Indented))}</pre>");
        return page.Append("</main></body></html>").ToString();
    }

    private static string NeedOf(AccessNeed need) => need switch
    {
        AccessNeed.Nothing => "Every client that reaches the network may ask.",
        AccessNeed.Reading => "On a loopback network every user of the machine may ask; elsewhere it needs proof.",
        AccessNeed.CloudUser => "It needs proof, or the token of a user of the cloud.",
        _ => "It needs proof.",
    };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
