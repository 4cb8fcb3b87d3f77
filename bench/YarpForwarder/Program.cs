// The forwarder of YARP as its documentation sets it up for direct forwarding: no routing, no load balancing, no health checks.
// Usage: YarpForwarder --listen 127.0.0.1:8080 --origin http://127.0.0.1:9000 [--certificate CERT.pem KEY.pem]
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

if (args is not ["--listen", var listen, "--origin", var origin, .. var more] || more is not ([] or ["--certificate", _, _]))
{
    await Console.Error.WriteLineAsync("usage: YarpForwarder --listen ADDRESS:PORT --origin http://ADDRESS:PORT [--certificate CERT.pem KEY.pem]");
    return 2;
}

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.Services.AddHttpForwarder();
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Listen(IPEndPoint.Parse(listen), options =>
    {
        if (more is [_, var certificate, var key]) options.UseHttps(X509Certificate2.CreateFromPemFile(certificate, key));
    });
});
using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    UseCookies = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
    EnableMultipleHttp2Connections = true,
    ConnectTimeout = TimeSpan.FromSeconds(15),
});
await using var app = builder.Build();
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
app.Run(async context => await forwarder.SendAsync(context, origin, invoker, ForwarderRequestConfig.Empty, HttpTransformer.Default));
await app.RunAsync();
return 0;
