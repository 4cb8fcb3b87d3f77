using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Packs;
using Microsoft.Extensions.Logging;

namespace Harmony.Testing;

/// <summary>A gateway in this process: a configuration given as text, its listeners on free ports of the loopback interface.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly List<IListener> _listeners = [];
    private readonly TestFolder _folder;
    private readonly SnapshotBuilder _builder;

    private TestGateway(TestFolder folder, SnapshotBuilder builder, GatewaySnapshot snapshot, RecordingLogger log)
    {
        _folder = folder;
        _builder = builder;
        Snapshot = snapshot;
        Runtime = new GatewayRuntime(snapshot);
        Log = log;
    }

    /// <summary>Where its files are; gone when it is disposed.</summary>
    public string Folder => _folder.Path;

    /// <summary>The current configuration.</summary>
    public GatewaySnapshot Snapshot { get; private set; }

    public GatewayRuntime Runtime { get; }

    /// <summary>Everything that was logged.</summary>
    public RecordingLogger Log { get; }

    /// <summary>Where the first network listens.</summary>
    public IPEndPoint Address => _listeners[0].Endpoints[0];

    /// <summary>Where DICOM associations come in.</summary>
    public IPEndPoint DicomAddress => _listeners.First(l => l.Binding.Protocol == "dimse").Endpoints[0];

    /// <summary>The base URL of the first network.</summary>
    public Uri Url => UrlOf(_listeners[0].Binding.Network);

    /// <summary>The base URL of a network.</summary>
    public Uri UrlOf(string network)
    {
        var listener = _listeners.Single(l => l.Binding.Network == network && l.Binding.Protocol == "http");
        return new Uri($"{listener.Binding.Url.Split(':')[0]}://127.0.0.1:{listener.Endpoints[0].Port}");
    }

    /// <summary>Starts one pipeline from <c>/</c> to an <c>http</c> backend, with options of your choice.</summary>
    /// <param name="origin">Base URL of the origin.</param>
    /// <param name="backendOptions">Further TOML for <c>[backends.origin.options]</c>.</param>
    /// <param name="clock">Tells the time.</param>
    public static Task<TestGateway> ForwardingAsync(Uri origin, string backendOptions = "", TimeProvider? clock = null)
        => new ForwardingConfig(origin) { Backend = backendOptions, Retries = true }.StartAsync(clock);

    /// <summary>Starts a gateway on a main file, and other files named relative to it. Ports of the configuration are replaced by free ones.</summary>
    /// <param name="config">The main file.</param>
    /// <param name="files">Other files, by name.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="extra">Modules besides the standard ones.</param>
    /// <param name="quiet">Whether only warnings are logged.</param>
    /// <exception cref="InvalidOperationException">The configuration has errors; they are the message.</exception>
    public static async Task<TestGateway> StartAsync(
        string config, IReadOnlyDictionary<string, string>? files = null, TimeProvider? clock = null, IModulePack? extra = null, bool quiet = false)
    {
        var folder = new TestFolder();
        try
        {
            folder.Write(files);
            folder.Write("config.toml", config);
            Age(folder);
            return await StartAsync(folder, clock ?? TimeProvider.System, extra, quiet);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Puts another main file in the place of the current one; listeners stay as they are.</summary>
    /// <exception cref="InvalidOperationException">It has errors; they are the message, and the old one goes on.</exception>
    public async Task ReloadAsync(string config)
    {
        var problems = new ConfigProblems();
        var set = new ConfigLoader(problems, Environment.GetEnvironmentVariable).Load(_folder.Write("config.toml", config));
        var next = await _builder.BuildAsync(set, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
        next.Activate();
        var old = Snapshot;
        Snapshot = next;
        var drained = Runtime.ReplaceAsync(next);
        old.Deactivate();
        await drained;
        await old.DisposeAsync();
    }

    /// <summary>
    /// Waits until no request and no association is under way. What the gateway records of them (metrics, traffic, failures, log) it records when the last
    /// byte of the answer has left: a client that has its answer may be ahead of that. The access log is written by a thread, later still.
    /// </summary>
    public Task SettledAsync() => Guard.UntilAsync(() => Snapshot.InFlight == 0, what: "no request is under way");

    /// <summary>Takes no new connections and waits for running requests.</summary>
    public Task StopAsync(CancellationToken deadline) => Task.WhenAll(_listeners.Select(l => l.StopAsync(deadline)));

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        foreach (var listener in _listeners) await listener.DisposeAsync();
        await Snapshot.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Makes the files an hour old. Otherwise a file that a test replaces at once may have the time of the one before: file systems count in steps of
    /// milliseconds, and a gateway starts in less.
    /// </summary>
    private static void Age(TestFolder folder)
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, before);
    }

    private static async Task<TestGateway> StartAsync(TestFolder folder, TimeProvider clock, IModulePack? extra, bool quiet)
    {
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(clock).AddTo(modules);
        modules.Add(new PlannedModule("service", "management", "A part of the program, which is not here."));
        extra?.AddTo(modules);
        var registry = modules.Build();
        var log = new RecordingLogger();
        var level = quiet ? LogLevel.Warning : LogLevel.Debug;
        var loggers = LoggerFactory.Create(b => b.AddProvider(log).SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning));
        var problems = new ConfigProblems();
        var set = new ConfigLoader(problems, Environment.GetEnvironmentVariable).Load(folder.PathOf("config.toml"));
        var builder = new SnapshotBuilder(registry, loggers, clock);
        var snapshot = await builder.BuildAsync(set, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));

        var gateway = new TestGateway(folder, builder, snapshot, log);
        snapshot.Activate();
        foreach (var adapter in snapshot.Modules.Adapters)
        {
            foreach (var binding in adapter.BindingsOf(snapshot))
            {
                gateway._listeners.Add(await adapter.OpenAsync(binding with { Port = 0 }, gateway.Runtime, loggers, CancellationToken.None));
            }
        }

        return gateway;
    }
}
