using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Web.Multipart;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>
/// A gateway with a <c>dicomweb</c> endpoint at <c>/dicomweb</c>, by default with a bridge to a system that speaks DIMSE, and a client of it.
/// </summary>
internal sealed class WebGateway : IAsyncDisposable
{
    private readonly string? _storage;

    private WebGateway(TestGateway gateway, string? storage = null)
    {
        (Gateway, _storage) = (gateway, storage);
        Client = TestClient.Abrupt(new Uri(gateway.Url, "/dicomweb/"));
    }

    public TestGateway Gateway { get; }

    public HttpClient Client { get; }

    /// <summary>Its configuration, where it has a bridge.</summary>
    public string Toml { get; private init; } = "";

    /// <summary>Where the service is, without a slash at the end.</summary>
    public string BaseUrl => $"http://127.0.0.1:{Gateway.Address.Port}/dicomweb";

    /// <param name="port">Where the system is.</param>
    /// <param name="bridge">Keys of <c>[middleware.bridge.options]</c>.</param>
    /// <param name="scu">Further keys of <c>[backends.pacs.options]</c>.</param>
    /// <param name="endpoint">Further keys of <c>[endpoints.web.options]</c>.</param>
    /// <param name="network">Keys of <c>[network.main]</c>.</param>
    /// <param name="middleware">The middleware list: names in quotation marks.</param>
    /// <param name="more">Further tables.</param>
    /// <param name="files">Files that they name.</param>
    /// <param name="clock">Tells the time.</param>
    public static async Task<WebGateway> BridgeAsync(
        int port, string bridge = "", string scu = "", string endpoint = "", string network = "", string middleware = "\"bridge\"", string more = "",
        IReadOnlyDictionary<string, string>? files = null, TimeProvider? clock = null)
    {
        var storage = Path.Combine(Path.GetTempPath(), $"harmony-web-{Guid.NewGuid():N}");
        var toml = $"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [storage]
            backend = "filesystem"
            [storage.options]
            path = "{storage}"
            [network.main]
            {network}
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [pipelines.web]
            networks = ["main"]
            endpoints = ["web"]
            middleware = [{middleware}]
            backends = ["pacs"]
            [endpoints.web]
            service = "dicomweb"
            [endpoints.web.options]
            path_prefix = "/dicomweb"
            {endpoint}
            [middleware.bridge]
            type = "dicomweb_bridge"
            [middleware.bridge.options]
            {bridge}
            [backends.pacs]
            service = "dicom_scu"
            connection = {"{"} host = "127.0.0.1", port = {port}, protocol = "dicom" {"}"}
            [backends.pacs.options]
            aet = "PACS"
            incoming_store_address = "127.0.0.1"
            {scu}
            {more}
            """;
        return new WebGateway(await TestGateway.StartAsync(toml, files, clock), storage) { Toml = toml };
    }

    /// <summary>Waits until no file of a retrieval is left and no operation holds or waits for an association, as is to be after a failure.</summary>
    public Task NothingIsLeftAsync()
    {
        return Guard.UntilAsync(() => !Files().Any() && Gateway.Snapshot.Pipelines[0].Backends[0].LiveTargets.All(t => t.InFlight == 0));

        IEnumerable<string> Files() => Directory.Exists(_storage) ? Directory.EnumerateFiles(_storage, "*", SearchOption.AllDirectories) : [];
    }

    /// <summary>The same with a configuration of the test's.</summary>
    public static async Task<WebGateway> StartAsync(string toml) => new(await TestGateway.StartAsync(toml));

    public Task<HttpResponseMessage> GetAsync(string path, string? accept = null, params (string Name, string Value)[] headers)
        => SendAsync(HttpMethod.Get, path, null, accept, headers);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, string? accept = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path.TrimStart('/')) { Content = content };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Guard.Token);
    }

    /// <summary>Results of a search, or metadata.</summary>
    public async Task<JsonArray> JsonAsync(string path, string? accept = null)
    {
        using var response = await GetAsync(path, accept);
        var text = await response.Content.ReadAsStringAsync(Guard.Token);
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/dicom+json", response.Content.Headers.ContentType!.ToString());
        return JsonNode.Parse(text)!.AsArray();
    }

    /// <summary>Posts files as one multipart body.</summary>
    public async Task<HttpResponseMessage> StoreAsync(string path, string? accept, params byte[][] files)
    {
        var framing = new MultipartFraming("xx-boundary-xx", "application/dicom");
        using var body = new MemoryStream();
        foreach (var file in files)
        {
            body.Write(framing.Begin("application/dicom"));
            body.Write(file);
        }

        body.Write(framing.End());
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(framing.ContentType);
        return await SendAsync(HttpMethod.Post, path, content, accept);
    }

    /// <summary>The parts of a response.</summary>
    public static async Task<List<(string ContentType, string? Location, byte[] Content)>> PartsAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(Guard.Token);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        var type = response.Content.Headers.ContentType!;
        Assert.Equal("multipart/related", type.MediaType);
        var boundary = type.Parameters.Single(p => p.Name == "boundary").Value!;
        Assert.StartsWith($"--{boundary}\r\n", Encoding.Latin1.GetString(body, 0, boundary.Length + 4), StringComparison.Ordinal);
        var reader = new PartReader(new MemoryStream(body), boundary);
        var parts = new List<(string, string?, byte[])>();
        while (await reader.NextAsync(default) is { } part)
        {
            using var content = new MemoryStream();
            await part.Content.CopyToAsync(content);
            parts.Add((part.ContentType!, part.ContentLocation, content.ToArray()));
        }

        return parts;
    }

    /// <summary>A Part 10 file of a data set.</summary>
    public static async Task<byte[]> FileOf(DicomDataSet dataSet, Harmony.Dicom.Data.Uids.TransferSyntax? syntax = null)
    {
        using var stream = new MemoryStream();
        await DicomFile.Create(dataSet, syntax ?? Harmony.Dicom.Data.Uids.TransferSyntax.ExplicitVRLittleEndian).WriteAsync(stream);
        return stream.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
        if (Directory.Exists(_storage)) Directory.Delete(_storage, recursive: true);
    }
}
