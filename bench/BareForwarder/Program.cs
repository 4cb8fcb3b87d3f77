// The least a correct, streaming HTTP forwarder can do on Kestrel and SocketsHttpHandler: no routing, no logging, no retries, no trailers, no upgrades.
// With --constant it forwards nothing and serves a file from memory: what Kestrel costs alone, below which nothing on it can get.
// Usage: BareForwarder --listen 127.0.0.1:8080 (--origin http://127.0.0.1:9000 | --constant FILE) [--certificate CERT.pem KEY.pem]
using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

if (args is not ["--listen", var listen, "--origin" or "--constant", var source, .. var more] || more is not ([] or ["--certificate", _, _]))
{
    await Console.Error.WriteLineAsync(
        "usage: BareForwarder --listen ADDRESS:PORT (--origin http://ADDRESS:PORT | --constant FILE) [--certificate CERT.pem KEY.pem]");
    return 2;
}

var origin = source.TrimEnd('/');
var constant = args[2] == "--constant" ? await File.ReadAllBytesAsync(source) : null;
var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }; // the origin sees the path that the client sent
var hopByHop = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
    "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade");
using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    UseCookies = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
    EnableMultipleHttp2Connections = true,
    MaxConnectionsPerServer = int.MaxValue,
});

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Listen(IPEndPoint.Parse(listen), options =>
    {
        if (more is [_, var certificate, var key]) options.UseHttps(X509Certificate2.CreateFromPemFile(certificate, key));
    });
});
await using var app = builder.Build();
app.Run(constant is null ? ForwardAsync : ServeAsync);
await app.RunAsync();
return 0;

async Task ServeAsync(HttpContext context)
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = constant!.Length;
    await context.Response.BodyWriter.WriteAsync(constant);
}

async Task ForwardAsync(HttpContext context)
{
    try
    {
        using var request = ToOrigin(context);
        using var response = await invoker.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        var connection = response.Headers.NonValidated.TryGetValues("Connection", out var named) ? named.ToString() : "";
        ToClient(response.Headers.NonValidated, connection, context.Response.Headers);
        ToClient(response.Content.Headers.NonValidated, connection, context.Response.Headers);
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
    catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
    {
        if (context.Response.HasStarted) context.Abort(); // half an answer must not pass for a whole one
        else context.Response.StatusCode = StatusCodes.Status502BadGateway;
    }
}

HttpRequestMessage ToOrigin(HttpContext context)
{
    var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
    if (!target.StartsWith('/')) target = context.Request.GetEncodedPathAndQuery();
    var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), new Uri(origin + target, asWritten));
    if (context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody) request.Content = new StreamContent(context.Request.Body);
    var connection = context.Request.Headers.Connection.ToString();
    foreach (var (name, values) in context.Request.Headers)
    {
        if (name.Equals("Host", StringComparison.OrdinalIgnoreCase) || IsHopByHop(name, connection)) continue;
        foreach (var value in values)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    return request;
}

void ToClient(HttpHeadersNonValidated from, string connection, IHeaderDictionary to)
{
    foreach (var (name, values) in from)
    {
        if (!IsHopByHop(name, connection)) to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
    }
}

// RFC 9110, 7.6.1: a header that Connection names belongs to this hop only.
bool IsHopByHop(string name, string connection) => hopByHop.Contains(name)
    || (connection.Contains(name, StringComparison.OrdinalIgnoreCase)
        && connection.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase));
