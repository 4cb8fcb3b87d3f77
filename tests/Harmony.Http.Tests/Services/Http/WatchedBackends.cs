using System.Collections.Concurrent;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Data.Middleware.Passthru;
using Harmony.Http.Services.Http;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Tests.Services.Http;

/// <summary>The service <c>watched</c>: an <c>http</c> backend whose targets tests can look at; and the middleware <c>buffer</c>, which reads bodies.</summary>
internal sealed class WatchedBackends : IModulePack
{
    public ConcurrentQueue<HttpTarget> Targets { get; } = new();

    public void AddTo(ModuleRegistryBuilder modules) => modules
        .Add(new ServiceModule("watched", "http") { Backend = ModuleFactory<BackendContext, IBackend>.From<HttpBackendOptions>(Create) })
        .Add(new MiddlewareModule("buffer", "reads", ModuleFactory<MiddlewareContext, IMiddleware>.From<PassthruOptions>((_, _) => new Buffer())));

    private HttpBackend? Create(HttpBackendOptions options, BackendContext context)
    {
        var backend = HttpBackend.Create(options, context, Quic.QuicSupport.OfThisMachine);
        foreach (var target in backend?.HttpTargets ?? []) Targets.Enqueue(target);
        return backend;
    }

    private sealed class Buffer : IRequestMiddleware
    {
        public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            await request.Body.ReadBytesAsync(1000, ct);
            return MiddlewareResult.Continue;
        }
    }
}
