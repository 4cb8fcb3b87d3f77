using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>A gateway whose every path leads to a <c>dicom_scu</c> backend, a client of it, and a folder for what is retrieved.</summary>
internal sealed class ScuGateway : IAsyncDisposable
{
    private readonly HttpClient _client;

    private ScuGateway(TestGateway gateway, string folder)
    {
        (Gateway, Folder) = (gateway, folder);
        _client = TestClient.Abrupt(gateway.Url);
    }

    public TestGateway Gateway { get; }

    /// <summary><c>storage_dir</c>.</summary>
    public string Folder { get; }

    /// <param name="port">Where the other side is.</param>
    /// <param name="options">Further keys of <c>[backends.b.options]</c>.</param>
    /// <param name="aet">Its AE title.</param>
    /// <param name="files">Files beside the configuration.</param>
    /// <param name="backend">Further keys of <c>[backends.b]</c>.</param>
    /// <param name="clock">Tells the time.</param>
    public static async Task<ScuGateway> StartAsync(
        int port, string options = "", string aet = "PACS", IReadOnlyDictionary<string, string>? files = null, string backend = "max_retries = 0",
        TimeProvider? clock = null)
    {
        var folder = NewFolder();
        return new ScuGateway(await BackendConfig.StartAsync(Toml(port, folder, options, aet, backend), files, clock), folder);
    }

    /// <summary>The same with several targets, <c>t0</c> and so on, each of the title <c>PACS</c>.</summary>
    public static async Task<ScuGateway> SharingAsync(IReadOnlyList<int> ports, string options = "", string targets = "", TimeProvider? clock = null)
    {
        var folder = NewFolder();
        return new ScuGateway(await BackendConfig.StartAsync(SharingToml(ports, folder, options) + targets + "\n", clock: clock), folder);
    }

    /// <summary>The TOML of such a backend.</summary>
    public static string SharingToml(IReadOnlyList<int> ports, string folder, string options = "") => $"""
        [backends.b]
        service = "dicom_scu"
        targets = [{string.Join(", ", ports.Select((_, i) => $"\"t{i}\""))}]
        [backends.b.options]
        aet = "PACS"
        storage_dir = "{folder}"
        incoming_store_address = "127.0.0.1"
        {options}
        {string.Join('\n', ports.Select((port, i) => $"[targets.t{i}.connection]\nhost = \"127.0.0.1\"\nport = {port}\nprotocol = \"dicom\""))}

        """;

    /// <summary>The TOML of such a backend.</summary>
    public static string Toml(int port, string folder, string options = "", string aet = "PACS", string backend = "max_retries = 0") => $"""
        [backends.b]
        service = "dicom_scu"
        connection = {"{"} host = "127.0.0.1", port = {port}, protocol = "dicom" {"}"}
        {backend}
        [backends.b.options]
        aet = "{aet}"
        storage_dir = "{folder}"
        incoming_store_address = "127.0.0.1"
        {options}
        """;

    /// <summary>Posts a body and takes the JSON of the answer.</summary>
    public async Task<(int Status, JsonObject Answer)> AskAsync(string path, string body = "{}", string contentType = "application/json")
        => await AskAsync(path, new StringContent(body, null, contentType));

    public async Task<(int Status, JsonObject Answer)> AskAsync(string path, HttpContent content)
    {
        using var response = await _client.PostAsync(path, content, Guard.Token);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>(Guard.Token))!);
    }

    /// <summary>Posts a body and takes the answer as soon as its head has come.</summary>
    public Task<HttpResponseMessage> BeginAsync(string path, string body, CancellationToken ct)
        => _client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") },
            HttpCompletionOption.ResponseHeadersRead, ct);

    private static string NewFolder() => Directory.CreateTempSubdirectory("harmony-scu-").FullName;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Gateway.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
