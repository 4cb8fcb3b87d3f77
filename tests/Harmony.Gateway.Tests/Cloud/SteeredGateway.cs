using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;
using Harmony.Testing.Runbeam;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>A whole gateway in this process, steered by a stand-in of the cloud.</summary>
internal sealed class SteeredGateway : IAsyncDisposable
{
    public const string AdminToken = "planted-admin-0123456789";

    /// <summary>A pipeline of the cloud that answers behind <c>/orders</c> with two transforms.</summary>
    public const string Orders = """
        [pipelines.orders]
        networks = ["main"]
        endpoints = ["orders"]
        middleware = ["shape", "meta"]
        backends = ["orders"]
        [endpoints.orders]
        service = "http"
        options.path_prefix = "/orders"
        [middleware.shape]
        type = "transform"
        options.spec_path = "transforms/shape-7.json"
        [middleware.meta]
        type = "metadata_transform"
        options.spec_path = "meta-8.json"
        [backends.orders]
        service = "echo"
        """;

    public const string Spec = """[{"operation":"default","spec":{"*":{"seen":"yes"}}}]""";

    private readonly Dictionary<string, string> _environment = [];
    private readonly TimeProvider _clock;
    private GatewayHost? _host;

    private SteeredGateway(RunbeamStand stand, ConfigFolder folder, TimeProvider clock) => (Stand, Folder, _clock) = (stand, folder, clock);

    public RunbeamStand Stand { get; }

    public ConfigFolder Folder { get; }

    public int Port { get; } = FreePort.Take();

    public int ManagementPort { get; } = FreePort.Take();

    public GatewayHost Host => _host ?? throw new InvalidOperationException("the gateway was not started");

    /// <summary>What was logged, as the file has it.</summary>
    public string Log => File.Exists(PathOf("gateway.log")) ? File.ReadAllText(PathOf("gateway.log")) : "";

    public string PathOf(string name) => Path.Combine(Folder.Path, name);

    public string Storage => PathOf("storage");

    /// <summary>The main file.</summary>
    public string Config(string provider = "", string more = "") => $"""
        [proxy]
        name = "clinic-a"
        [provider.runbeam]
        api = "{Stand.Url}"
        poll_interval_secs = 3600
        {provider}
        [storage.options]
        path = '{Storage}'
        [logging]
        log_level = "debug"
        log_to_file = true
        log_file_path = '{PathOf("gateway.log")}'
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {Port}
        [network.ops.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {ManagementPort}
        [management]
        enabled = true
        network = "ops"
        token = "{AdminToken}"
        [pipelines.answer]
        networks = ["main"]
        endpoints = ["answer"]
        backends = ["answer"]
        [endpoints.answer]
        service = "http"
        options.path_prefix = "/one"
        [backends.answer]
        service = "echo"
        {more}
        """;

    /// <summary>Starts a gateway.</summary>
    /// <param name="layOut">Lays the files out; without it there is the main file and nothing else.</param>
    /// <param name="authorized">Whether it begins with a token.</param>
    /// <param name="clock">Tells the time.</param>
    public static async Task<SteeredGateway> StartAsync(Action<SteeredGateway>? layOut = null, bool authorized = true, TimeProvider? clock = null)
    {
        var gateway = new SteeredGateway(await RunbeamStand.StartAsync(clock), new ConfigFolder(), clock ?? TimeProvider.System);
        gateway.Folder.Write("config.toml", gateway.Config());
        layOut?.Invoke(gateway);
        if (authorized) gateway._environment["RUNBEAM_MACHINE_TOKEN"] = gateway.Stand.NewToken().ToJsonString();
        await gateway.StartAsync();
        return gateway;
    }

    public void Set(string name, string value) => _environment[name] = value;

    /// <summary>Starts it again on the same files.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        _environment.Remove("RUNBEAM_MACHINE_TOKEN"); // its file is there
        await StartAsync();
    }

    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{Port}"));
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Asks the management API.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Answer)> AskAsync(string method, string path, string? token = AdminToken, string? body = null)
    {
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{ManagementPort}"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/admin/" + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()) as JsonObject ?? []);
    }

    /// <summary>Has the gateway ask for changes now.</summary>
    public Task<(HttpStatusCode Status, JsonObject Answer)> PullAsync() => AskAsync("POST", "cloud/pull");

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        Folder.Dispose();
        await Stand.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var builder = new GatewayBuilder(name => _environment.GetValueOrDefault(name), _clock);
        _host = await builder.StartAsync(Folder.Main, CancellationToken.None);
        Assert.True(_host is not null, string.Join('\n', builder.Problems));
        Assert.DoesNotContain(builder.Problems, p => p.Severity == ConfigSeverity.Error);
    }
}
