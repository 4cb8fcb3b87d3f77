using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Testing.Requirements;

namespace Harmony.Testing.Dicom;

/// <summary>A real PACS, Orthanc, on free ports of the loopback interface: DIMSE, and its REST API to look inside. It ends with this.</summary>
public sealed class OrthancPeer : IAsyncDisposable
{
    /// <summary>The program's name.</summary>
    public const string Program = "Orthanc";

    /// <summary>Its plug-in for DICOMweb, where Debian puts it.</summary>
    public const string DicomWebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

    private readonly Process _process;
    private readonly string _folder;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    private OrthancPeer(Process process, string folder, string aeTitle, int dicomPort, int httpPort)
    {
        (_process, _folder, AeTitle, DicomPort) = (process, folder, aeTitle, dicomPort);
        Url = new Uri($"http://127.0.0.1:{httpPort}/");
        process.OutputDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its AE title, which it insists on.</summary>
    public string AeTitle { get; }

    /// <summary>Where it speaks DIMSE.</summary>
    public int DicomPort { get; }

    /// <summary>Where it speaks HTTP.</summary>
    public Uri Url { get; }

    /// <summary>Starts one with nothing in it. <paramref name="modalities"/> are those it knows and can move to, on ports of the loopback interface.</summary>
    public static Task<OrthancPeer> StartAsync(string aeTitle = "ORTHANC", params (string AeTitle, int Port)[] modalities)
        => StartAsync(new OrthancSettings { AeTitle = aeTitle, Modalities = modalities });

    /// <summary>The same with everything that can be set.</summary>
    public static async Task<OrthancPeer> StartAsync(OrthancSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var folder = Directory.CreateTempSubdirectory("harmony-orthanc-").FullName;
        var (dicomPort, httpPort) = (FreePort.Take(), FreePort.Take());
        var config = Path.Combine(folder, "orthanc.json");
        var options = Options(settings, folder, dicomPort, httpPort);
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(options));
        var start = new ProcessStartInfo(Peers.PathOf(Program), [config])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false
        };
        start.Environment["TCP_NODELAY"] = "1";
        var peer = new OrthancPeer(Process.Start(start)!, folder, settings.AeTitle, dicomPort, httpPort);
        var limit = Guard.Token;
        while (await peer.TryGetAsync("system") is null)
        {
            if (peer._process.HasExited) throw new InvalidOperationException($"Orthanc ended with {peer._process.ExitCode}: {string.Join('\n', peer._lines)}");
            await Task.Delay(20, limit); // it does not say when it listens
        }

        return peer;
    }

    /// <summary>Makes a system known to it, at an address of the loopback interface.</summary>
    /// <param name="name">By what the REST API calls it.</param>
    /// <param name="aeTitle">Its AE title.</param>
    /// <param name="port">Its port.</param>
    /// <param name="isTls">Whether it speaks TLS.</param>
    public async Task KnowAsync(string name, string aeTitle, int port, bool isTls = false)
        => await SendAsync(HttpMethod.Put, $"modalities/{name}", Json(new { AET = aeTitle, Host = "127.0.0.1", Port = port, UseDicomTls = isTls }));

    /// <summary>Has its REST API do something, and gives the answer, e.g. <c>modalities/X/echo</c>.</summary>
    /// <exception cref="InvalidOperationException">It could not; the message is its answer.</exception>
    public Task<JsonNode?> PostAsync(string path, object content) => SendAsync(HttpMethod.Post, path, Json(content));

    /// <summary>Has its REST API keep something.</summary>
    public Task<JsonNode?> PutAsync(string path, object content) => SendAsync(HttpMethod.Put, path, Json(content));

    /// <summary>Gives it an object from a file.</summary>
    /// <returns>The id by which its REST API knows the instance.</returns>
    public async Task<string> ImportAsync(string file)
        => (string)(await SendAsync(HttpMethod.Post, "instances", new ByteArrayContent(await File.ReadAllBytesAsync(file))))!["ID"]!;

    /// <summary>Has it forget an instance.</summary>
    public async Task DeleteAsync(string id) => await SendAsync(HttpMethod.Delete, $"instances/{id}", null);

    /// <summary>How many instances it has.</summary>
    public async Task<int> CountAsync() => (int)(await GetAsync("statistics"))["CountInstances"]!;

    /// <summary>Asks its REST API, e.g. for <c>instances</c>.</summary>
    public async Task<JsonNode> GetAsync(string path) => await TryGetAsync(path) ?? throw new InvalidOperationException($"Orthanc does not answer {path}");

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, object> Options(OrthancSettings settings, string folder, int dicomPort, int httpPort)
    {
        var options = new Dictionary<string, object>
        {
            ["StorageDirectory"] = Path.Combine(folder, "db"),
            ["IndexDirectory"] = Path.Combine(folder, "db"),
            ["DefaultEncoding"] = "Utf8",
            ["DicomAet"] = settings.AeTitle,
            ["DicomPort"] = dicomPort,
            ["DicomCheckCalledAet"] = true,
            ["DicomCheckModalityHost"] = false,
            ["DicomAlwaysAllowFind"] = true,
            ["DicomAlwaysAllowGet"] = true,
            ["DicomAlwaysAllowMove"] = true,
            ["HttpPort"] = httpPort,
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["Plugins"] = settings.DicomWeb ? [DicomWebPlugin] : Array.Empty<string>(),
            ["DicomWeb"] = new { Enable = true, EnableWado = true, StudiesMetadata = "Full", SeriesMetadata = "Full" },
            ["HttpThreadsCount"] = 20,
            ["DicomModalities"] = settings.Modalities.ToDictionary(
                m => m.AeTitle, m => new { AET = m.AeTitle, Host = "127.0.0.1", m.Port, UseDicomTls = settings.Tls is not null }),
        };
        if (settings.Tls is not { } tls) return options;
        options["DicomTlsEnabled"] = true;
        options["DicomTlsRemoteCertificateRequired"] = true;
        (options["DicomTlsCertificate"], options["DicomTlsPrivateKey"], options["DicomTlsTrustedCertificates"]) = (tls.Certificate, tls.Key, tls.Authority);
        return options;
    }

    private static StringContent Json(object content) => new(JsonSerializer.Serialize(content));

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = content };
        using var response = await _http.SendAsync(request, Guard.Token);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"Orthanc answers {path} with {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private async Task<JsonNode?> TryGetAsync(string path)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
            using var response = await _http.SendAsync(request, Guard.Token);
            if (response.StatusCode != HttpStatusCode.OK) return null;
            return JsonNode.Parse(await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
