using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Testing;

namespace Harmony.Data.Tests.Middleware.JsonExtractor;

public class JsonExtractorMiddlewareTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Upload = "--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n\0\r\n--b--\r\nepilogue";

    [Theory]
    [InlineData("application/json", """{ "a" : 1 }""")]
    [InlineData("text/xml", "<a />")]
    [InlineData("multipart/form-data; boundary=b", Upload)]
    [InlineData("application/x-own", "{")]
    [InlineData("application/dicom", "\u0000\u00ff")]
    public async Task Body_ThatCanBeRead_ReachesTheBackendByteForByte(string type, string body)
    {
        string? arrived = null;
        await using var origin = RawOrigin.Start(async connection =>
        {
            arrived = await connection.ReadBodyAsync((await connection.ReadHeadAsync())!);
            await connection.WriteAsync(Ok);
        });
        await using var gateway = await StartAsync(origin, "json_extractor");
        Assert.Equal(200, (await gateway.SendRawAsync(Post(type, body))).Status);
        Assert.Equal(body, arrived);
        Assert.Equal([type], RawAnswer.FieldsOf(origin.Heads.Single(), "content-type"));
    }

    [Theory]
    [InlineData("application/json", "{", 400)]
    [InlineData("text/xml", "<!DOCTYPE a><a/>", 400)]
    [InlineData("text/plain; charset=ebcdic", "a", 415)]
    [InlineData("text/csv", "a\n1\n2\n3", 413)]
    public async Task Body_ThatCannotBeRead_EndsTheRequest(string type, string body, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "json");
        Assert.Equal(status, (await gateway.SendRawAsync(Post(type, body))).Status);
        Assert.Empty(origin.Heads);
    }

    /// <summary>Data that steps put in both directions are written by content type, and framed by their own length.</summary>
    [Fact]
    public async Task Data_ThatAStepReplaced_AreWrittenInTheFormOfTheContentType()
    {
        string? arrived = null;
        await using var origin = RawOrigin.Start(async connection =>
        {
            arrived = await connection.ReadBodyAsync((await connection.ReadHeadAsync())!);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n\r\na\r\n1\n");
        });
        await using var gateway = await StartAsync(origin, "wrap", new WrapPack());
        var answer = await gateway.SendRawAsync(Post("text/xml", "<a>1</a>"));
        Assert.Equal("""<?xml version="1.0" encoding="utf-8"?><wrapped><a>1</a></wrapped>""", arrived);
        Assert.Equal([arrived!.Length.ToString()], RawAnswer.FieldsOf(origin.Heads.Single(), "content-length"));
        Assert.Equal(["text/xml; charset=utf-8"], RawAnswer.FieldsOf(origin.Heads.Single(), "content-type"));
        Assert.Equal("a\r\n1\r\n", answer.Body);
    }

    [Fact]
    public async Task Answer_ThatCannotBeRead_IsTheBackendsFault()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{");
        await using var gateway = await StartAsync(origin, "wrap", new WrapPack());
        Assert.Equal(502, (await gateway.SendRawAsync(Post("application/json", "{}"))).Status);
    }

    private static string Post(string type, string body)
        => $"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: {type}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}";

    private static Task<TestGateway> StartAsync(RawOrigin origin, string middleware, IModulePack? extra = null) => TestGateway.StartAsync($"""
        [proxy]
        name = "test"
        primary_provider = "local"
        content_limits.max_csv_rows = 2
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        middleware = ["{middleware}"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.origin]
        service = "http"
        options.base_url = "{origin.Url}"
        """, extra: extra);

    private sealed record NoOptions : ConfigNode;

    private sealed class WrapPack : IModulePack
    {
        public void AddTo(ModuleRegistryBuilder modules) => modules.Add(new MiddlewareModule("wrap", "Wraps requests, and replaces answers by themselves.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, context) => new WrapMiddleware(new ContentReader(context.Environment.Limits)))));
    }

    private sealed class WrapMiddleware(ContentReader content) : IRequestMiddleware, IResponseMiddleware
    {
        public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            request.Body.Replace(new JsonObject { ["wrapped"] = (await content.ReadAsync(request, ct))!.DeepClone() });
            return MiddlewareResult.Continue;
        }

        public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
            => response.Body.Replace((await content.ReadAsync(response, ct))!.DeepClone());
    }
}
