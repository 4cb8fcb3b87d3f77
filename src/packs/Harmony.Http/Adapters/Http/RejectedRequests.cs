using System.Diagnostics;
using Harmony.Core.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// Hears of what Kestrel rejects before it is a request: a head that is not HTTP (400), too slow (408) or too large (414, 431). Kestrel answers it with the
/// status alone, as nothing else of the gateway has seen it; here it is counted and logged.
/// </summary>
/// <param name="network">Name of the network.</param>
/// <param name="logger">Takes a line for each.</param>
internal sealed class RejectedRequests(string network, ILogger logger) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Has the server of a listener tell. Disposed with its services.</summary>
    public static void AddTo(IServiceCollection services, string network, ILogger logger) => services.AddSingleton<DiagnosticSource>(_ =>
    {
        var source = new DiagnosticListener("Harmony.Http");
        source.Subscribe(new RejectedRequests(network, logger), static name => name == Event);
        return source;
    });

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features) return;
        if (features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException rejection) return;
        RefusalMetrics.Refused("", rejection.StatusCode);
        var reason = WithoutDetail(rejection.Message);
        HttpLog.Rejected(logger, network, rejection.StatusCode, reason);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>Behind a colon Kestrel repeats what the client sent, which may name a patient.</summary>
    private static string WithoutDetail(string message) => message.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? message[..end] : message;
}
