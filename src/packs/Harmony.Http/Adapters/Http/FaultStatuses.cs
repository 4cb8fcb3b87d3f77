using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>Errors in the form of the endpoint's protocol, where it has one (<see cref="IErrorForm"/>), and in the gateway's own elsewhere.</summary>
internal static class ErrorForms
{
    /// <summary>The body of the error that the exchange ends in, with its header set.</summary>
    /// <param name="exchange">The exchange, whose status is set.</param>
    /// <param name="own">The body that a refusal has: plain text gives way to the form of the endpoint's protocol.</param>
    public static RefusalContent Of(HttpExchange exchange, RefusalContent? own = null)
    {
        if (own is not null && !own.ContentType.StartsWith("text/plain", StringComparison.Ordinal)) return own;
        if (exchange.Route?.Endpoint is not IErrorForm form || exchange.Envelope is not { } request) return own ?? OwnError.Of(exchange);
        foreach (var field in form.ErrorFields(request)) exchange.Response.Headers.Append(field.Name, field.Value);
        return form.ErrorBody(request, exchange.Response.StatusCode, exchange.RequestId) ?? own ?? OwnError.Of(exchange);
    }
}

/// <summary>The one table from faults and refusals to HTTP statuses (<c>docs/errors.md</c>).</summary>
public static class FaultStatuses
{
    /// <summary>The status of a fault.</summary>
    public static int Of(GatewayException fault) => (fault.Kind, fault.FaultSource) switch
    {
        (FaultKind.Malformed, _) => 400,
        (FaultKind.TooLarge, _) => 413,
        (FaultKind.UnsupportedContent, _) => 415,
        (FaultKind.Protocol, FaultSource.Client) => 400,
        (FaultKind.Timeout, FaultSource.Client) => 408,
        (FaultKind.Forbidden, _) => 403,
        (FaultKind.ClientGone, _) => AccessRecord.ClientClosedRequest,
        (FaultKind.Unreachable, _) => 502,
        (FaultKind.Protocol, _) => 502,
        (FaultKind.Timeout, _) => 504,
        (FaultKind.Unavailable, _) => 503,
        (FaultKind.StorageFull, _) => 507,
        _ => 500,
    };

    /// <summary>A fault for the log: <c>backend unreachable</c>, <c>client body too large</c>.</summary>
    public static string WordsOf(GatewayException fault) => $"{fault.FaultSource.ToString().ToLowerInvariant()} {KindOf(fault.Kind)}";

    private static string KindOf(FaultKind kind) => kind switch
    {
        FaultKind.TooLarge => "body too large",
        FaultKind.UnsupportedContent => "content not supported",
        FaultKind.ClientGone => "gone",
        FaultKind.Timeout => "time-out",
        FaultKind.Protocol => "protocol error",
        FaultKind.StorageFull => "storage full",
        FaultKind.Internal => "internal error",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The status of a refusal.</summary>
    public static int Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Unauthenticated => 401,
        RefusalKind.Forbidden => 403,
        RefusalKind.NotFound => 404,
        RefusalKind.MethodNotAllowed => 405,
        RefusalKind.UnsupportedMediaType => 415,
        RefusalKind.Malformed => 400,
        RefusalKind.Unprocessable => 422,
        RefusalKind.RateLimited => 429,
        RefusalKind.Unavailable => 503,
        _ => 403,
    };
}

/// <summary>Tells Kestrel that a response ends before its end. What led to it has been logged.</summary>
internal sealed class BrokenOffResponseException() : Exception("the response breaks off");

/// <summary>The loggers of the gateway for Kestrel, without its error for an exception that it gets on purpose.</summary>
internal sealed class KestrelLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new KestrelLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Does nothing: the loggers outlive the listener.</summary>
    public void Dispose()
    {
    }

    private sealed class KestrelLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not BrokenOffResponseException) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
