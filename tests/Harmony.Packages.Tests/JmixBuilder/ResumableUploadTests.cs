using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>TUS 1.0.0: a package that comes in parts, across broken connections and restarts, is stored like one that came at once.</summary>
public sealed class ResumableUploadTests
{
    private const string Uploads = "/x/api/jmix/uploads";

    /// <summary>Uploads in parts with a pause after the first, from where a new object goes on by the URL; a second upload is terminated.</summary>
    private const string Client = """
        const tus = require('tus-js-client');
        const bytes = require('fs').readFileSync(process.argv[1]);
        const endpoint = process.argv[2];
        const options = { endpoint, chunkSize: 1000, retryDelays: [0, 0, 0], metadata: { filename: 'study.zip' } };
        const run = more => new Promise((resolve, reject) => {
            const upload = new tus.Upload(bytes, { ...options, ...more, onError: reject, onSuccess: ({ lastResponse }) => resolve(lastResponse),
                onChunkComplete: (size, accepted) => { if (more.stopsAt && accepted >= more.stopsAt) upload.abort().then(() => resolve(upload.url)); } });
            upload.start();
        });
        (async () => {
            const url = await run({ stopsAt: 1000 });
            const last = await run({ uploadUrl: url });
            console.log(last.getHeader('content-location'));
            const other = await run({ stopsAt: 1000 });
            await tus.Upload.terminate(other, {});
            console.log(await fetch(other, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }).then(r => r.status));
            await run({ uploadUrl: url });
            console.log('done');
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    [PeerFact("node", "npm:tus-js-client")]
    public async Task TusJsClient_UploadsPausesResumesAndTerminates()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var (bytes, id) = await UploadTests.PackageAsync(false);
        var file = jmix.Folder.PathOf("package.zip");
        await File.WriteAllBytesAsync(file, bytes);

        var printed = await NpmFolder.RunAsync(Client, TimeSpan.FromMinutes(1), file, new Uri(jmix.Gateway.Url, Uploads).ToString());

        Assert.Equal([$"/x/api/jmix/{id}", "404", "done"], printed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(jmix.Store, "uploads"), "*.part"));
    }

    [Fact]
    public async Task Upload_InParts_IsAPackageAfterTheLast()
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: "max_body_size = 100000");
        var (bytes, id) = await UploadTests.PackageAsync(false);
        using (var options = await SendAsync(jmix, HttpMethod.Options, Uploads))
            Assert.Equal((HttpStatusCode.NoContent, "1.0.0", "creation,termination,expiration", "100000"),
                (options.StatusCode, One(options, "Tus-Version"), One(options, "Tus-Extension"), One(options, "Tus-Max-Size")));

        var upload = await CreateAsync(jmix, bytes.Length, ("Upload-Metadata", "filename c3R1ZHkuemlw"));
        Assert.Equal("0", await OffsetAsync(jmix, upload));
        using (var first = await PatchAsync(jmix, upload, 0, bytes[..1000])) Assert.Equal((HttpStatusCode.NoContent, "1000"),
            (first.StatusCode, One(first, "Upload-Offset")));
        using (var state = await SendAsync(jmix, HttpMethod.Head, upload))
        {
            Assert.Equal(("1000", $"{bytes.Length}", "filename c3R1ZHkuemlw"),
                (One(state, "Upload-Offset"), One(state, "Upload-Length"), One(state, "Upload-Metadata")));
            Assert.True(state.Headers.CacheControl!.NoStore);
            Assert.True(state.Headers.Contains("Upload-Expires"));
        }

        using (var wrong = await PatchAsync(jmix, upload, 999, bytes[999..])) Assert.Equal(HttpStatusCode.Conflict, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await jmix.Client.GetAsync($"/x/api/jmix/{id}")).StatusCode);
        using (var last = await PatchAsync(jmix, upload, 1000, bytes[1000..], ("X-HTTP-Method-Override", "PATCH")))
            Assert.Equal((HttpStatusCode.NoContent, $"{bytes.Length}", $"/x/api/jmix/{id}"),
                (last.StatusCode, One(last, "Upload-Offset"), last.Content.Headers.ContentLocation!.ToString()));

        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Equal($"{bytes.Length}", await OffsetAsync(jmix, upload)); // for a client that did not hear of the end
        using (var again = await PatchAsync(jmix, upload, bytes.Length, [])) Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using (var deleted = await SendAsync(jmix, HttpMethod.Delete, upload)) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using (var gone = await SendAsync(jmix, HttpMethod.Head, upload)) Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(jmix.Store, "uploads")));
    }

    [Theory]
    [InlineData("POST", "", "Tus-Resumable: 0.2.2|Upload-Length: 10", 412)]
    [InlineData("POST", "", "", 400)]
    [InlineData("POST", "", "Upload-Length: 0", 400)]
    [InlineData("POST", "", "Upload-Length: -5", 400)]
    [InlineData("POST", "", "Upload-Defer-Length: 1", 400)]
    [InlineData("POST", "", "Upload-Length: 100001", 413)]
    [InlineData("GET", "", "", 405)]
    [InlineData("GET", "/ID", "", 405)]
    [InlineData("PATCH", "/ID", "Content-Type: application/zip|Upload-Offset: 0", 415)]
    [InlineData("PATCH", "/ID", "Content-Type: application/offset+octet-stream", 400)]
    [InlineData("HEAD", "/f0000000-0000-0000-0000-000000000000", "", 404)]
    [InlineData("HEAD", "/..%2f..%2findex", "", 400)]
    public async Task Request_ThatTheProtocolDoesNotHave_IsRefused(string method, string path, string fields, int status)
    {
        await using var jmix = await JmixGateway.StartAsync(endpointOptions: "max_body_size = 100000");
        var upload = await CreateAsync(jmix, 10);
        var lines = fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(": ")).Select(f => (f[0], f[1])).ToArray();
        using var response = await SendAsync(jmix, new HttpMethod(method), path == "/ID" ? upload : Uploads + path, method == "PATCH" ? [1] : null, lines);
        Assert.Equal(status, (int)response.StatusCode);
        if (path != "/..%2f..%2findex") Assert.Equal("1.0.0", One(response, "Tus-Resumable"));
        Assert.Equal("0", await OffsetAsync(jmix, upload));
    }

    [Fact]
    public async Task Part_ThatGoesBeyondTheLength_ChangesNothing()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var upload = await CreateAsync(jmix, 10);
        using (var first = await PatchAsync(jmix, upload, 0, [1, 2, 3])) Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using (var refused = await PatchAsync(jmix, upload, 3, new byte[8])) Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal("3", await OffsetAsync(jmix, upload));
    }

    [Fact]
    public async Task Package_ThatIsRefused_IsAnUploadNoMore()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var upload = await CreateAsync(jmix, 10);
        using (var refused = await PatchAsync(jmix, upload, 0, "no archive"u8.ToArray()))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("neither a zip nor a tar.gz", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var gone = await SendAsync(jmix, HttpMethod.Head, upload)) Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(jmix.Store, "*.part", SearchOption.AllDirectories));
    }

    /// <summary>What came before the connection broke off is kept, and a restart changes nothing about that.</summary>
    [Fact]
    public async Task Connection_ThatBreaksOff_IsContinuedAfterARestart()
    {
        using var folder = new TestFolder();
        var (bytes, id) = await UploadTests.PackageAsync(false);
        string upload;
        await using (var jmix = await JmixGateway.StartAsync(folder: folder))
        {
            upload = await CreateAsync(jmix, bytes.Length);
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, jmix.Gateway.Url.Port);
            var head = $"PATCH {upload} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\n"
                + $"Upload-Offset: 0\r\nContent-Length: {bytes.Length}\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await client.GetStream().WriteAsync(bytes.AsMemory(0, 700));
            await Guard.UntilAsync(() => new FileInfo(PartOf(jmix, upload)) is { Exists: true, Length: 700 });
            using (var meanwhile = await PatchAsync(jmix, upload, 700, bytes[700..])) Assert.Equal((HttpStatusCode)423, meanwhile.StatusCode);
        }

        await using var second = await JmixGateway.StartAsync(folder: folder);
        Assert.Equal("700", await OffsetAsync(second, upload));
        var limit = Guard.Token;
        HttpStatusCode rest;
        while ((rest = (await PatchAsync(second, upload, 700, bytes[700..]))
            .StatusCode) == (HttpStatusCode)423) limit.ThrowIfCancellationRequested(); // the first gateway lets go
        Assert.Equal(HttpStatusCode.NoContent, rest);
        Assert.Equal(bytes, await second.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
    }

    /// <summary>A process that ended before it could store the last byte's package leaves a client that believes it has something to send.</summary>
    [Fact]
    public async Task Upload_ThatWasNeverStored_LacksAByte()
    {
        await using var jmix = await JmixGateway.StartAsync();
        var (bytes, id) = await UploadTests.PackageAsync(false);
        var upload = await CreateAsync(jmix, bytes.Length);
        await File.WriteAllBytesAsync(PartOf(jmix, upload), bytes);
        Assert.Equal($"{bytes.Length - 1}", await OffsetAsync(jmix, upload));
        using (var last = await PatchAsync(jmix, upload, bytes.Length - 1, bytes[^1..])) Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
        Assert.Equal(bytes, await jmix.Client.GetByteArrayAsync($"/x/api/jmix/{id}"));
    }

    [Fact]
    public async Task Upload_ThatNobodyContinues_Expires()
    {
        var clock = new TestTimeProvider();
        await using var jmix = await JmixGateway.StartAsync("upload_keep_secs = 3600", clock: clock);
        using (var first = await PatchAsync(jmix, await CreateAsync(jmix, 10), 0, [1, 2, 3])) Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        var files = Directory.GetFiles(Path.Combine(jmix.Store, "uploads"));
        Assert.Equal(2, files.Length);
        foreach (var file in files) File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.All(files, f => Assert.True(File.Exists(f)));
        await Guard.UntilAsync(() => !Array.Exists(files, File.Exists), () => clock.Advance(TimeSpan.FromMinutes(1)));
    }

    /// <summary>A process that was killed leaves bytes of uploads that are packages already, or were taken away: they go at the next start.</summary>
    [Fact]
    public async Task Leftovers_GoAtTheNextStart()
    {
        using var folder = new TestFolder();
        var (bytes, _) = await UploadTests.PackageAsync(false);
        string complete, begun, gone = $"/{Guid.NewGuid()}";
        await using (var jmix = await JmixGateway.StartAsync(folder: folder))
        {
            complete = await CreateAsync(jmix, bytes.Length);
            using (var last = await PatchAsync(jmix, complete, 0, bytes)) Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
            begun = await CreateAsync(jmix, 10);
            using (var first = await PatchAsync(jmix, begun, 0, [1, 2, 3])) Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
            foreach (var upload in new[] { complete, gone }) await File.WriteAllBytesAsync(PartOf(jmix, upload), bytes);
        }

        await using var second = await JmixGateway.StartAsync(folder: folder);
        await Guard.UntilAsync(() => !File.Exists(PartOf(second, complete)) && !File.Exists(PartOf(second, gone)));
        Assert.Equal("3", await OffsetAsync(second, begun));
        Assert.Equal($"{bytes.Length}", await OffsetAsync(second, complete));
    }

    internal static async Task<string> CreateAsync(JmixGateway jmix, long length, params (string, string)[] fields)
    {
        using var created = await SendAsync(jmix, HttpMethod.Post, Uploads, null, [("Upload-Length", $"{length}"), .. fields]);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    internal static Task<HttpResponseMessage> PatchAsync(JmixGateway jmix, string upload, long offset, byte[] bytes,
        params (string Name, string Value)[] fields)
        => SendAsync(jmix, fields.Length == 0 ? HttpMethod.Patch
            : HttpMethod.Post, upload, bytes, [("Content-Type", "application/offset+octet-stream"), ("Upload-Offset", $"{offset}"), .. fields]);

    internal static async Task<string> OffsetAsync(JmixGateway jmix, string upload)
    {
        using var state = await SendAsync(jmix, HttpMethod.Head, upload);
        Assert.Equal(HttpStatusCode.OK, state.StatusCode);
        return One(state, "Upload-Offset");
    }

    private static async Task<HttpResponseMessage> SendAsync(JmixGateway jmix, HttpMethod method, string path, byte[]? body = null,
        params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (method != HttpMethod.Options && !Array.Exists(fields, f => f.Name == "Tus-Resumable")) request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in fields)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = new MediaTypeHeaderValue(value);
            else request.Headers.Add(name, value);
        }

        return await jmix.Client.SendAsync(request);
    }

    /// <summary>Where the bytes of an upload lie.</summary>
    private static string PartOf(JmixGateway jmix, string upload) => Path.Combine(jmix.Store, "uploads", $"{Guid.Parse(upload[^36..]):N}.part");

    private static string One(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
