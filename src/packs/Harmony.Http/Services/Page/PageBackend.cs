using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Page;

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
