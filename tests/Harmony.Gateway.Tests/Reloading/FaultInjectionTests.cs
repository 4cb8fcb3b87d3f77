using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Tests.Cli;
using Harmony.Packs;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>Whatever fails around a reload or a stop: the status says what serves, and nothing that has been begun is left half done.</summary>
public sealed class FaultInjectionTests : IAsyncDisposable
{
    private readonly FaultyParts _parts = new();
    private readonly ConfigFolder _folder = new();
    private readonly RecordingLogger _log = new();
    private LiveConfiguration? _live;
    private Reloader? _reloader;

    private LiveConfiguration Live => _live ?? throw new InvalidOperationException("nothing was started");

    private Reloader Reloader => _reloader ?? throw new InvalidOperationException("nothing was started");

    public async ValueTask DisposeAsync()
    {
        if (_live is not null) await _live.DisposeAsync();
        _reloader?.Dispose();
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Swap_WhoseOldPartsFail_IsASuccessAndEveryOtherStepIsDone()
    {
        await StartAsync("one");
        var disposed = Guard.NewSignal();
        _parts.OnDeactivate = _ => throw new InvalidOperationException("deactivate");
        _parts.OnDispose = _ =>
        {
            disposed.TrySetResult();
            throw new InvalidOperationException("dispose");
        };
        var status = await ReloadAsync("two");
        await disposed.Task.Guarded();
        Assert.Equal((true, 2, 2), (status.LastSucceeded, status.Version, Reloader.History.List()[0].Version));
        Assert.Equal("two", Served());
        Assert.True(_log.Has(1112));
        Assert.Equal(0, Live.InFlight);
    }

    [Fact]
    public async Task Prepare_ThatFails_LeavesTheOldOneAndSaysSo()
    {
        await StartAsync("one");
        var disposed = new List<string>();
        _parts.OnActivate = _ => throw new InvalidOperationException("activate");
        _parts.OnDispose = disposed.Add;
        var status = await ReloadAsync("two");
        Assert.Equal((false, 1), (status.LastSucceeded, status.Version));
        Assert.Equal("one", Served());
        Assert.Equal(["two"], disposed);
        _parts.OnActivate = _ => { };
        Assert.Equal((true, 2), ((await Reloader.ReloadAsync("again")).LastSucceeded, Reloader.Status.Version));
    }

    [Fact]
    public async Task Observer_ThatThrows_KeepsNobodyFromHearing()
    {
        await StartAsync("one");
        var heard = new HearingObserver();
        Reloader.Observe(new ThrowingObserver());
        Reloader.Observe(heard);
        var status = await ReloadAsync("two");
        Assert.Equal((true, 2), (status.LastSucceeded, heard.Heard!.Version));
        Assert.Equal(2, _log.Lines.Count(l => l.EventId == 1113));
    }

    /// <summary>The file is saved again after it was built, and before the new configuration serves.</summary>
    [Fact]
    public async Task History_HoldsWhatWasBuilt_NotWhatWasSavedMeanwhile()
    {
        await StartAsync("one");
        _parts.OnActivate = _ => _folder.Write("config.toml", "saved = \"meanwhile\"");
        var text = Config("two");
        var status = await ReloadAsync("two");
        var kept = Assert.Single(Reloader.History.Find(status.Version).Files, f => f.Path == _folder.Main);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(kept.Content));
    }

    /// <summary>A configuration that cannot be kept has a number of its own all the same, which no later one gets.</summary>
    [Fact]
    public async Task History_VersionThatCannotBeKept_TakesItsNumberWithIt()
    {
        await StartAsync("one");
        Assert.Equal(2, Reloader.History.Add(null));
        Assert.Equal(3, (await ReloadAsync("two")).Version);
        Assert.Equal([3, 1], Reloader.History.List().Select(v => v.Version));
        Assert.Throws<KeyNotFoundException>(() => Reloader.History.Find(2));
    }

    [Fact]
    public async Task Stop_WithAListenerThatFails_ClosesAllAndEnds()
    {
        await StartAsync("one");
        _parts.OnStop = () => throw new InvalidOperationException("stop");
        await Live.Listeners.CloseAsync(except: null, CancellationToken.None).Guarded();
        Assert.Equal(1, _parts.Closed);
        Assert.True(_log.Has(1007));
    }

    [Fact]
    public async Task Dispose_WithPartsThatFail_EndsAllTheSame()
    {
        await StartAsync("one");
        _parts.OnStop = () => throw new InvalidOperationException("stop");
        _parts.OnDispose = _ => throw new InvalidOperationException("dispose");
        await Live.DisposeAsync().AsTask().Guarded();
        Assert.Equal(1, _parts.Closed);
        Assert.False(Live.Current.TryEnter());
        _live = null;
    }

    private string Config(string name) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [storage.options]
        path = '{_folder.Path}/storage'
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 1
        [pipelines.p]
        description = "{name}"
        networks = ["main"]
        endpoints = ["e"]
        backends = ["b"]
        [endpoints.e]
        service = "faulty"
        [backends.b]
        service = "faulty"
        options.name = "{name}"
        """;

    private string Served() => Assert.Single(Live.Current.Pipelines).Description;

    private Task<ReloadStatus> ReloadAsync(string name)
    {
        _folder.Write("config.toml", Config(name));
        return Reloader.ReloadAsync("test");
    }

    private async Task StartAsync(string name)
    {
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(TimeProvider.System).AddTo(modules);
        _parts.AddTo(modules);
        _folder.Write("config.toml", Config(name));
        var problems = new ConfigProblems();
        var loader = new GatewayLoader(_folder.Main, modules.Build(), _ => null, TimeProvider.System);
        var config = loader.Read(problems, out _);
        var logging = GatewayLogging.Create(config.Logging, _ => null, TimeProvider.System, problems);
        logging.Loggers.AddProvider(_log);
        var first = await loader.BuildAsync(config, logging.Loggers, problems);
        Assert.True(first is not null, string.Join('\n', problems));
        _live = new LiveConfiguration(first, logging, TimeProvider.System);
        Assert.True(await _live.BeginAsync(problems, CancellationToken.None), string.Join('\n', problems));
        _reloader = new Reloader(loader, _live, TimeProvider.System, problems);
    }

    private sealed class ThrowingObserver : IReloadObserver
    {
        public void Attempting() => throw new InvalidOperationException("attempting");

        public void Attempted(ReloadStatus status) => throw new InvalidOperationException("attempted");
    }

    private sealed class HearingObserver : IReloadObserver
    {
        public ReloadStatus? Heard { get; private set; }

        public void Attempting()
        {
        }

        public void Attempted(ReloadStatus status) => Heard = status;
    }
}
