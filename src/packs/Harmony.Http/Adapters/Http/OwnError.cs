using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Harmony.Core.Pipeline;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// The body of an error that the gateway itself responds with: what the status means, and the id by which operators find the reason in the log. Problem details
/// (RFC 9457), or a page where the client prefers one, as browsers do. It says nothing that the status does not say: the reason stays in the log.
/// </summary>
internal static class OwnError
{
    /// <summary>Media type of what programs get.</summary>
    public const string ProblemType = "application/problem+json";

    private const string PageType = "text/html; charset=utf-8";

    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private static readonly KeyValuePair<string, string>[] Fields =
        [new("cache-control", "no-store"), new("x-content-type-options", "nosniff")];

    private const string Style = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:12vh auto 2rem;max-width:34rem;padding:0 1.2rem;"
        + "background:#fff;color:#1f2328}h1{font-size:1.5rem;margin:0 0 .6rem}p{margin:.5rem 0}.soft{color:#57606a}code{overflow-wrap:anywhere}"
        + "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}.soft{color:#9da7b1}}";

    /// <summary>The body of the error that the exchange ends in, with its header set.</summary>
    public static RefusalContent Of(HttpExchange exchange)
    {
        var headers = exchange.Response.Headers;
        foreach (var (name, value) in Fields) headers[name] = value;
        var status = exchange.Response.StatusCode;
        if (!PrefersPage(exchange.Request.Headers.Accept)) return new RefusalContent(ProblemType, Problem(status, exchange.RequestId));
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return new RefusalContent(PageType, Encoding.UTF8.GetBytes(Page(status, exchange.RequestId)));
    }

    /// <summary>Whether HTML is accepted, and more gladly than JSON where both are named (RFC 9110 §12.5.1). <c>*/*</c> names neither.</summary>
    private static bool PrefersPage(IList<string> accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var types)) return false;
        var page = Quality(types, t => t is "text/html" or "application/xhtml+xml");
        return page > 0 && page > Quality(types, t => t is "application/json" or ProblemType);
    }

    private static double Quality(IEnumerable<MediaTypeHeaderValue> types, Func<string, bool> isMeant)
        => types.Where(t => isMeant(t.MediaType.ToString().ToLowerInvariant())).Select(t => t.Quality ?? 1).DefaultIfEmpty(0).Max();

    private static ReadOnlyMemory<byte> Problem(int status, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("title", Title(status));
            json.WriteNumber("status", status);
            json.WriteString("detail", Detail(status));
            json.WriteString("request_id", requestId);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Page(int status, string requestId)
        => $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{status} {Title(status)}</title><style>{Style}</style></head>
            <body><main><h1>{status} {Title(status)}</h1><p>{Detail(status)}</p>
            <p class="soft">Request <code>{WebUtility.HtmlEncode(requestId)}</code>: the operator of this gateway finds the reason in the log by this id.</p>
            </main></body></html>

            """;

    private static string Title(int status) => ReasonPhrases.GetReasonPhrase(status);

    /// <summary>One sentence that explains the status to the client.</summary>
    private static string Detail(int status) => status switch
    {
        400 => "The request is malformed, or two servers could read it in different ways.",
        401 => "Credentials are missing or not valid.",
        403 => "The request is not allowed.",
        404 => "Nothing is served at this path.",
        405 => "This path does not support this method.",
        408 => "The request came too slowly.",
        413 => "The body is larger than is allowed here.",
        415 => "The content type, charset or content coding is not accepted here.",
        422 => "The body is not valid for this service.",
        429 => "There were too many requests. Try again later.",
        502 => "The system behind the gateway cannot be reached, or broke the connection.",
        503 => "The request cannot be served now. Try again later.",
        504 => "The system behind the gateway did not respond in time.",
        507 => "There is no room to keep what was sent. Nothing of it was kept.",
        508 => "The request came back to the gateway that had sent it.",
        _ => "The gateway failed to handle the request.",
    };
}
