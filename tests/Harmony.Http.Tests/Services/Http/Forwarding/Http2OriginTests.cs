using System.Text;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class Http2OriginTests
{
    private const string ToHttp2 = "http_version = \"2\"";

    private static readonly string[] Trailers = ["set-cookie", "cache-control", "alt-svc", "x-sum"];

    [Fact]
    public async Task Request_ToAnHttp2Origin_KeepsItsParts()
    {
        string? seen = null;
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = context.Request;
            var line = $"{request.Protocol} {request.Method} {request.Path}{request.QueryString}";
            seen = $"{line} {request.Headers["x-a"]} {request.Headers.Cookie} {await reader.ReadToEndAsync()}";
            context.Response.StatusCode = 201;
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            await context.Response.WriteAsync("answer");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, ToHttp2);
        var answer = await gateway.SendRawAsync(
            "PATCH /p?q=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nCookie: c=1\r\nCookie: d=2\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal("HTTP/2 PATCH /p?q=1 1 c=1; d=2 body", seen);
        Assert.Equal(201, answer.Status);
        Assert.Equal(["a=1", "b=2"], answer["set-cookie"]);
        Assert.Equal("answer", answer.Body);
    }

    [Fact]
    public async Task GrpcLikeCall_ThroughHttp2OnBothSides_KeepsItsTrailers()
    {
        string? te = null;
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            te = context.Request.Headers.TE;
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Request.Body.CopyToAsync(context.Response.Body);
            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("grpc-message", "fine");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = ToHttp2 }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var request = TestClient.Http2Request(HttpMethod.Post, "/svc/Method", new ByteArrayContent([0, 0, 0, 0, 1, 7]));
        request.Headers.TE.ParseAdd("trailers");
        using var answer = await client.SendAsync(request);
        Assert.Equal([0, 0, 0, 0, 1, 7], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(["0"], answer.TrailingHeaders.GetValues("grpc-status"));
        Assert.Equal(["fine"], answer.TrailingHeaders.GetValues("grpc-message"));
        Assert.Equal("trailers", te);
    }

    /// <summary>RFC 9110 §6.5.1: what would change how the answer is understood comes too late, whichever protocol it comes by.</summary>
    [Fact]
    public async Task Trailers_ThatMustNotBe_DoNotReachTheClient()
    {
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            await context.Response.WriteAsync("hi");
            foreach (var name in Trailers) context.Response.AppendTrailer(name, "1");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = ToHttp2 }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.GetAsync("/");
        Assert.Equal("hi", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["x-sum"], answer.TrailingHeaders.Select(h => h.Key));
    }

    [Fact]
    public async Task TrailersBehindALength_ReachAnHttp2Client()
    {
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("hi");
            context.Response.AppendTrailer("x-sum", "1");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = ToHttp2 }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.GetAsync("/");
        Assert.Equal("hi", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["1"], answer.TrailingHeaders.GetValues("x-sum"));
    }

    [Fact]
    public async Task BothDirections_AtOnce_TakeTurns()
    {
        await using var origin = await KestrelOrigin.StartHttp2Async(EchoAsync);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = ToHttp2 }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var content = new PushContent();
        using var request = TestClient.Http2Request(HttpMethod.Post, "/", content);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // before anything is sent
        await using var stream = await answer.Content.ReadAsStreamAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            await content.SendAsync(text);
            var buffer = new byte[text.Length];
            await stream.ReadExactlyAsync(buffer, Guard.Token);
            Assert.Equal(text, Encoding.ASCII.GetString(buffer));
        }

        content.End();
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Guard.Token));
        Assert.Empty(origin.Faults);
    }

    [Fact]
    public async Task AnswerComplete_BeforeTheUploadIsFinished_ReachesTheClientAndTheUploadGoesOn()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            await context.Response.WriteAsync("done");
            await context.Response.CompleteAsync();
            using var reader = new StreamReader(context.Request.Body);
            received.SetResult(await reader.ReadToEndAsync());
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = ToHttp2 }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var content = new PushContent();
        using var request = TestClient.Http2Request(HttpMethod.Post, "/", content);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("done", await answer.Content.ReadAsStringAsync().Guarded()); // its end, too, though we have not ended ours
        await content.SendAsync("late");
        content.End();
        Assert.Equal("late", await received.Task.Guarded());
    }

    [Fact]
    public async Task Reset_ByTheOriginBeforeAnAnswer_IsABadGateway()
    {
        await using var origin = await KestrelOrigin.StartHttp2Async(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, ToHttp2 + "\nmax_retries = 0");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync(); // the head
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
        }
    }
}
