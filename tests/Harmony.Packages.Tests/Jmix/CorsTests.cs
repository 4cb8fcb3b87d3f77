using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Harmony.Packages.Tests.JmixBuilder;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;
using Microsoft.AspNetCore.Http;

namespace Harmony.Packages.Tests.Jmix;

/// <summary>Web pages of other origins use the API, resumable uploads too, where <c>cors_origins</c> names them.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://portal.example.org";

    /// <summary>Uploads in parts with a pause between, asks for the package, and is refused: all with what a page may read.</summary>
    private const string Page = """
        <!doctype html><title>Portal</title><script src="/tus.js"></script><script>
        const api = new URLSearchParams(location.search).get('api');
        async function run() {
            const bytes = await (await fetch('/package.zip')).blob();
            const upload = more => new Promise((resolve, reject) => {
                const upload = new tus.Upload(bytes, { endpoint: api + '/uploads', chunkSize: 1000, retryDelays: [0, 0, 0], metadata: { filename: 'study.zip' }, ...more,
                    onError: reject, onSuccess: ({ lastResponse }) => resolve(lastResponse),
                    onChunkComplete: (size, accepted) => { if (more.stopsAt && accepted >= more.stopsAt) upload.abort().then(() => resolve(upload.url)); } });
                upload.start();
            });
            const url = await upload({ stopsAt: 1000, storeFingerprintForResuming: false });
            const last = await upload({ uploadUrl: url });
            const location = last.getHeader('content-location');
            const response = await fetch(new URL(location, api), { headers: { range: 'bytes=0-9' } });
            const other = await upload({ stopsAt: 1000, storeFingerprintForResuming: false });
            await tus.Upload.terminate(other, {});
            const wrong = await fetch(api, { method: 'POST', headers: { 'content-type': 'application/zip', 'x-page': '1' }, body: 'no archive' });
            window.seen = { location, status: response.status, etag: response.headers.get('etag'), range: response.headers.get('content-range'),
                disposition: response.headers.get('content-disposition'), wrong: (await wrong.json()).findings[0].code };
        }
        run().catch(e => { window.seen = { error: e.stack ?? String(e) }; });
        </script>
        """;

    [PeerFact("node", "chromium", "npm:playwright-core", "npm:tus-js-client")]
    [Trait("Category", "Slow")]
    public async Task TusJsClient_InABrowser_UploadsAndReads()
    {
        var (bytes, id) = await UploadTests.PackageAsync(false);
        var library = await File.ReadAllBytesAsync(Path.Combine(Peers.PathOf("npm:tus-js-client"), "dist", "tus.min.js"));
        await using var portal = await KestrelOrigin.StartAsync(context => context.Request.Path.Value switch
        {
            "/tus.js" => context.Response.Body.WriteAsync(library).AsTask(),
            "/package.zip" => context.Response.Body.WriteAsync(bytes).AsTask(),
            _ => context.Response.WriteAsync(Page),
        });
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: $"cors_origins = [\"{portal.Url.GetLeftPart(UriPartial.Authority)}\"]");
        var api = new Uri(jmix.Gateway.Url, "/x/api/jmix");

        var run = await Programs.RunAsync(new ProcessStartInfo(Peers.PathOf("node"),
        [
            Path.Combine(AppContext.BaseDirectory, "Jmix", "browser.mjs"), Path.Combine(Peers.PathOf("npm:playwright-core"), "index.js"),
            Peers.PathOf("chromium"), $"{portal.Url}?api={Uri.EscapeDataString(api.ToString())}",
        ]), TimeSpan.FromMinutes(4));

        Assert.True(run.ExitCode == 0, run.Printed);
        var expected = new JsonObject
        {
            ["location"] = $"/x/api/jmix/{id}", ["status"] = 206, ["etag"] = $"\"{id}\"", ["range"] = $"bytes 0-9/{bytes.Length}",
            ["disposition"] = $"attachment; filename=\"{id}.zip\"", ["wrong"] = "malformed",
        };
        var found = JsonNode.Parse(run.Output)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default });
        Assert.Equal(expected.ToJsonString(), found);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
    }

    [Theory]
    [InlineData("/x/api/jmix", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/x/api/jmix/prime/1.2", "GET, POST, OPTIONS")]
    [InlineData("/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec", "GET, HEAD, DELETE, OPTIONS")]
    [InlineData("/x/api/jmix/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec/manifest", "GET, HEAD, OPTIONS")]
    [InlineData("/x/api/jmix/uploads", "POST, OPTIONS")]
    [InlineData("/x/api/jmix/uploads/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec", "HEAD, PATCH, DELETE, OPTIONS")]
    public async Task Preflight_SaysTheMethodsOfThePath_ToOriginsThatAreNamed(string path, string methods)
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: $"cors_origins = [\"{Origin}\"]\ncors_credentials = true\nallow_delete = true");
        const string Asked = "authorization,tus-resumable,upload-length";

        using (var named = await PreflightAsync(jmix, path, Origin))
        {
            Assert.Equal(HttpStatusCode.NoContent, named.StatusCode);
            Assert.Equal((Origin, "true", methods, Asked), (One(named, "access-control-allow-origin"), One(named, "access-control-allow-credentials"),
                One(named, "access-control-allow-methods"), One(named, "access-control-allow-headers")));
            Assert.Equal(methods, string.Join(", ", named.Content.Headers.Allow));
        }

        using var other = await PreflightAsync(jmix, path, "https://evil.example.org");
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
        Assert.False(other.Headers.Contains("access-control-allow-origin"));
        Assert.Contains("origin", other.Headers.Vary);
    }

    [Theory]
    [InlineData("cors_origins = [\"https://portal.example.org\"]", Origin)]
    [InlineData("cors_origins = [\"*\"]", "*")]
    [InlineData("", null)]
    public async Task Responses_RefusalsToo_AreReadableForOriginsThatAreNamed(string options, string? allowed)
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: options + "\nmax_body_size = 100", pacs: FakePacs.Start());
        using var missing = await SendAsync(jmix, HttpMethod.Head, "/x/api/jmix/uploads/6f57f5fa-1cd1-45be-a5c3-fb209be1e0ec");
        using var refused = await SendAsync(jmix, HttpMethod.Post, "/x/api/jmix", new byte[1000]);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.RequestEntityTooLarge), (missing.StatusCode, refused.StatusCode));
        foreach (var response in new[] { missing, refused })
        {
            Assert.Equal(allowed, response.Headers.TryGetValues("access-control-allow-origin", out var origins) ? Assert.Single(origins) : null);
            if (allowed is null) continue;
            var exposed = One(response, "access-control-expose-headers").Split(", ");
            string[] needed = ["location", "upload-offset", "upload-length", "tus-resumable", "etag", "content-disposition"];
            Assert.Superset(needed.ToHashSet(), exposed.ToHashSet());
        }
    }

    [Fact]
    public async Task Credentials_ForEveryPageOfTheWeb_AreAnError()
    {
        var problems = await BackendConfig.ProblemsOfAsync("""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [pipelines.jmix]
            networks = ["main"]
            endpoints = ["jmix"]
            middleware = ["builder"]
            backends = ["b"]
            [endpoints.jmix]
            service = "jmix"
            options.cors_origins = ["*"]
            options.cors_credentials = true
            [middleware.builder]
            type = "jmix_builder"
            [backends.b]
            service = "echo"
            """);
        Assert.Contains("'cors_credentials' needs 'cors_origins' that name origins", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PreflightAsync(JmixGateway jmix, string path, string origin)
        => SendAsync(jmix, HttpMethod.Options, path, null, origin, ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization,tus-resumable,upload-length"));

    private static async Task<HttpResponseMessage> SendAsync(JmixGateway jmix, HttpMethod method, string path, byte[]? body = null, string origin = Origin,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (request.Content is { } content) content.Headers.ContentType = new("application/zip");
        if (body is not null) request.Headers.TransferEncodingChunked = true; // how long it is comes out in the middle of the work
        request.Headers.Add("origin", origin);
        if (method != HttpMethod.Options) request.Headers.Add("tus-resumable", "1.0.0");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await jmix.Client.SendAsync(request);
    }

    private static string One(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
