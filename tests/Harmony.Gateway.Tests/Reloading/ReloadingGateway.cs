using System.Net;
using System.Threading.Channels;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>The whole gateway in this process on real files, with its watcher.</summary>
internal sealed class ReloadingGateway : IReloadObserver, IAsyncDisposable
{
    private readonly Channel<ReloadStatus> _attempts = Channel.CreateUnbounded<ReloadStatus>();
    private GatewayHost? _host;
    private readonly string _storage;

    private ReloadingGateway(ConfigFolder folder, int port)
    {
        (Folder, Port) = (folder, port);
        _storage = Path.Combine(folder.Path, "storage");
    }

    /// <summary>Its files.</summary>
    public ConfigFolder Folder { get; }

    /// <summary>The port of the network <c>main</c>.</summary>
    public int Port { get; }

    /// <summary>The port of the management API, where <see cref="Managed"/> is the configuration.</summary>
    public int ManagementPort { get; } = FreePort.Take();

    /// <summary>Stands in for the environment; called while files are read.</summary>
    public Func<string, string?>? Environment { get; set; }

    public GatewayHost Host => _host ?? throw new InvalidOperationException("the gateway was not started");

    public Reloader Reloader => Host.Reloader;

    /// <summary>A main file whose pipeline <c>answer</c> says which generation of it runs: echo behind <c>/NAME</c>.</summary>
    public string Config(string prefix, int? port = null, string more = "") => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        shutdown_timeout_secs = 5
        [storage.options]
        path = '{_storage}'
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port ?? Port}
        [pipelines.answer]
        networks = ["main"]
        endpoints = ["answer"]
        backends = ["answer"]
        [endpoints.answer]
        service = "http"
        options.path_prefix = "/{prefix}"
        [backends.answer]
        service = "echo"
        {more}
        """;

    /// <summary>The same with the management API on a network of its own.</summary>
    /// <param name="prefix">Where the echo answers.</param>
    /// <param name="management">Further keys of <c>[management]</c>.</param>
    /// <param name="more">Further tables.</param>
    public string Managed(string prefix, string management = "", string more = "") => Config(prefix, more: $"""
        [network.ops.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {ManagementPort}
        [management]
        enabled = true
        network = "ops"
        {management}
        {more}
        """);

    /// <summary>A pipeline file that answers behind a prefix.</summary>
    public static string Pipeline(string prefix, string name) => $"""
        [pipelines.{name}]
        networks = ["main"]
        endpoints = ["{name}"]
        backends = ["{name}"]
        [endpoints.{name}]
        service = "http"
        options.path_prefix = "/{prefix}"
        [backends.{name}]
        service = "echo"
        """;

    /// <summary>Starts with a main file that answers behind <c>/one</c>, and other files.</summary>
    public static async Task<ReloadingGateway> StartAsync(params (string Name, string Text)[] files)
    {
        var gateway = new ReloadingGateway(new ConfigFolder(), FreePort.Take());
        gateway.Folder.Write("config.toml", gateway.Config("one"));
        foreach (var (name, text) in files) gateway.Folder.Write(name, text);
        await gateway.RunAsync();
        return gateway;
    }

    /// <summary>Starts on a folder that is laid out by the caller.</summary>
    public static async Task<ReloadingGateway> StartAsync(Action<ReloadingGateway> layOut)
    {
        var gateway = new ReloadingGateway(new ConfigFolder(), FreePort.Take());
        layOut(gateway);
        await gateway.RunAsync();
        return gateway;
    }

    public string PathOf(string name) => Path.Combine(Folder.Path, name);

    /// <summary>Waits for the next attempt to reload.</summary>
    public async Task<ReloadStatus> NextAttemptAsync() => await _attempts.Reader.ReadAsync(Guard.Token);

    /// <summary>Attempts that nobody has waited for.</summary>
    public int UnseenAttempts => _attempts.Reader.Count;

    /// <summary>The status that a path is answered with, on a connection of its own.</summary>
    public async Task<HttpStatusCode> GetAsync(string path, int? port = null)
    {
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port ?? Port}"));
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>
    /// Waits until no request is under way, and so everything of those that were answered is counted (<see cref="TestGateway.SettledAsync"/>).
    /// </summary>
    public Task SettledAsync() => Guard.UntilAsync(() => Host.InFlight == 0, what: "no request is under way");

    /// <summary>Ends the gateway; its files stay.</summary>
    public async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host) await host.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Folder.Dispose();
    }

    private async Task RunAsync()
    {
        var builder = new GatewayBuilder(name => Environment?.Invoke(name), TimeProvider.System);
        _host = await builder.StartAsync(Folder.Main, CancellationToken.None);
        Assert.True(_host is not null, string.Join('\n', builder.Problems));
        Reloader.Observe(this);
    }

    void IReloadObserver.Attempting()
    {
    }

    void IReloadObserver.Attempted(ReloadStatus status) => _attempts.Writer.TryWrite(status);
}
