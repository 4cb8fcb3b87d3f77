using System.Collections.Concurrent;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Testing;

namespace Harmony.Access.Tests.Authentication;

/// <summary>A gateway with one pipeline: a chain of middleware, and behind it a backend that notes who comes through.</summary>
internal sealed class Guarded : IAsyncDisposable, IModulePack
{
    /// <summary>The requests that have reached the backend.</summary>
    public ConcurrentQueue<RequestEnvelope> Seen { get; } = new();

    /// <summary>How often a step read a body as JSON.</summary>
    public int Parsed;

    public TestGateway Gateway { get; private set; } = null!;

    public RecordingLogger Log => Gateway.Log;

    /// <summary>The last request that has reached the backend.</summary>
    public RequestEnvelope Last => Seen.Last();

    /// <summary>Starts; what the test gives stands first, so that it knows the lines.</summary>
    public static async Task<Guarded> StartAsync(
        string toml, string chain = "\"auth\"", IReadOnlyDictionary<string, string>? files = null, TimeProvider? clock = null)
    {
        var guarded = new Guarded();
        guarded.Gateway = await TestGateway.StartAsync(Config(toml, chain), files, clock, guarded);
        return guarded;
    }

    /// <summary>Puts another configuration in the place of the one it has.</summary>
    public Task ReloadAsync(string toml, string chain = "\"auth\"") => Gateway.ReloadAsync(Config(toml, chain));

    /// <summary>The problems that a configuration has; empty when it starts without errors.</summary>
    public static async Task<string> ErrorsOfAsync(string toml, IReadOnlyDictionary<string, string>? files = null, string chain = "\"auth\"")
    {
        try
        {
            await using var guarded = await StartAsync(toml, chain, files);
            return "";
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    /// <summary>Sends a request with these fields.</summary>
    public Task<RawAnswer> GetAsync(params string[] fields) => Gateway.SendRawAsync("GET", "/", fields);

    public async Task<int> StatusAsync(params string[] fields) => (await GetAsync(fields)).Status;

    /// <summary>That nothing of a secret is in any line of the log.</summary>
    public void AssertNotLogged(string secret)
        => Assert.All(Log.Lines, line => Assert.DoesNotContain(secret, line.Message + line.Exception, StringComparison.Ordinal));

    public void AddTo(ModuleRegistryBuilder modules) => modules
        .Add(new ServiceModule("seen", "Notes who comes through.")
        {
            Backend = ModuleFactory<BackendContext, IBackend>.From<SeenOptions>((_, _) => new SeenBackend(this)),
        })
        .Add(new MiddlewareModule("reader", "Reads bodies as JSON.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<SeenOptions>((_, _) => new ReaderMiddleware(this))));

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private static string Config(string toml, string chain)
        => $"{toml}\n{new OnePipeline("seen") { Middleware = chain }.ToToml()}\n[backends.seen]\nservice = \"seen\"\n";

    private sealed record SeenOptions : ConfigNode;

    private sealed class SeenBackend(Guarded guarded) : IBackend
    {
        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            guarded.Seen.Enqueue(request);
            return new ValueTask<ResponseEnvelope>(new ResponseEnvelope(request, 200));
        }
    }

    private sealed class ReaderMiddleware(Guarded guarded) : IRequestMiddleware
    {
        public bool ReadsRequestBody => true;

        public async ValueTask<Core.Pipeline.MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            Interlocked.Increment(ref guarded.Parsed);
            await request.Body.ReadJsonAsync(1024, ct);
            return Core.Pipeline.MiddlewareResult.Continue;
        }
    }
}
