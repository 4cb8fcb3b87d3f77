using System.Collections.Concurrent;
using System.Text;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Harmony.Data.Tests.Middleware.Transform;

/// <summary>A gateway with one pipeline of middleware in front of an origin that keeps what reaches it.</summary>
internal sealed class TransformRig : IAsyncDisposable
{
    private readonly KestrelOrigin _origin;
    private readonly HttpClient _client;

    private TransformRig(KestrelOrigin origin, TestGateway gateway, ConcurrentQueue<Arrived> arrived)
    {
        _origin = origin;
        Gateway = gateway;
        Arrived = arrived;
        _client = TestClient.Http1(gateway.Url);
    }

    public TestGateway Gateway { get; }

    /// <summary>What reached the origin.</summary>
    public ConcurrentQueue<Arrived> Arrived { get; }

    /// <summary>The one request that reached the origin.</summary>
    public Arrived Only => Assert.Single(Arrived);

    /// <summary>Starts with a <c>transform</c> called <c>t</c>, applied as the pipeline's <c>middleware</c> says.</summary>
    /// <param name="spec">Its spec.</param>
    /// <param name="options">Further options.</param>
    /// <param name="answer">The body of the origin's answer, JSON unless <paramref name="answers"/> says otherwise.</param>
    /// <param name="answers">Does more to the answer.</param>
    /// <param name="chain">The pipeline's <c>middleware</c>.</param>
    public static Task<TransformRig> StartAsync(
        string spec, string options = "", string answer = "{}", Action<HttpResponse>? answers = null, string chain = "[\"t\"]")
        => StartAsync(_ => $"""
            middleware = {chain}
            [middleware.t]
            type = "transform"
            [middleware.t.options]
            spec_path = "spec.json"
            {options}
            """, new() { ["transforms/spec.json"] = spec }, answer, answers);

    /// <summary>Starts with middleware of the test's own: what follows <c>[pipelines.p]</c>, given the origin's URL.</summary>
    public static async Task<TransformRig> StartAsync(
        Func<Uri, string> pipeline, Dictionary<string, string> files, string answer = "{}", Action<HttpResponse>? answers = null, string prefix = "/",
        string backend = "")
    {
        var arrived = new ConcurrentQueue<Arrived>();
        var origin = await KestrelOrigin.StartAsync(async context =>
        {
            arrived.Enqueue(await Transform.Arrived.ReadAsync(context.Request));
            context.Response.ContentType = "application/json";
            answers?.Invoke(context.Response);
            if (context.Response.StatusCode is not (204 or 304) && context.Request.Method != "HEAD") await context.Response.WriteAsync(answer);
        });
        var gateway = await TestGateway.StartAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [endpoints.all]
            service = "http"
            options.path_prefix = "{prefix}"
            [backends.origin]
            service = "http"
            max_retries = 0
            {backend}
            [backends.origin.options]
            base_url = "{origin.Url}"
            headers = {"{"} x-own = "mine" {"}"}
            [pipelines.p]
            networks = ["main"]
            endpoints = ["all"]
            backends = ["origin"]
            {pipeline(origin.Url)}
            """, files);
        return new TransformRig(origin, gateway, arrived);
    }

    public async Task<HttpResponseMessage> SendAsync(
        string method, string target, string? body = null, string? type = "application/json", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("content-type", type);
        }

        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string body, string? type = "application/json") => SendAsync("POST", "/", body, type);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Gateway.DisposeAsync();
        await _origin.DisposeAsync();
        Assert.Empty(_origin.Faults);
    }
}

/// <summary>A request as the origin got it.</summary>
internal sealed record Arrived(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static async Task<Arrived> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new Arrived(request.Method, target, request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body);
    }
}
