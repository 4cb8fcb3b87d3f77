using System.Buffers.Binary;
using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Primitives;

namespace Harmony.Http.Adapters.Http;

/// <summary>The span of a request, a child of the client's where there is one (W3C Trace Context). Which requests get one is decided here, once.</summary>
internal static class RequestSpan
{
    /// <summary>Begins the span; null when no listener takes spans, or this request is not traced.</summary>
    public static Activity? Begin(HttpExchange exchange, GatewaySnapshot snapshot, string network)
    {
        if (!HarmonyTrace.Source.HasListeners()) return null;
        var headers = exchange.Request.Headers;
        var hasParent = TryParse(headers.TraceParent, headers.TraceState, out var parent);
        if (!IsSampled(exchange, snapshot, network, hasParent ? parent : null)) return null;

        // What is sampled by our own choice is recorded, whatever the client would have done.
        parent = hasParent ? new ActivityContext(parent.TraceId, parent.SpanId, ActivityTraceFlags.Recorded, parent.TraceState, isRemote: true) : default;
        var span = HarmonyTrace.Source.StartActivity("request", ActivityKind.Server, parent);
        return span?.SetTag("harmony.network", network);
    }

    public static void End(Activity span, HttpExchange exchange)
    {
        span.SetTag("http.request.method", MethodOf(exchange.Method));
        if (exchange.Route is { } route)
        {
            span.DisplayName = $"pipeline {route.Pipeline.Name}";
            span.SetTag("harmony.pipeline", route.Pipeline.Name);
            span.SetTag("harmony.endpoint", route.EndpointName);
        }

        if (!exchange.IsAborted) span.Answered(exchange.Response.StatusCode);
    }

    /// <summary>A client may ask for anything, but how much is traced is decided here, or by a proxy that is trusted.</summary>
    private static bool IsSampled(HttpExchange exchange, GatewaySnapshot snapshot, string network, ActivityContext? parent)
    {
        if (parent is { } decided && exchange.Connection.RemoteIpAddress is { } peer
            && snapshot.Network(network) is { } model && ForwardedClient.IsTrusted(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer, model.TrustedProxies))
        {
            return decided.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        }

        return Random.Shared.NextDouble() < snapshot.Config.Telemetry.SampleRatio;
    }

    private static bool TryParse(StringValues parent, StringValues state, out ActivityContext context)
    {
        context = default;
        return parent.Count == 1 && ActivityContext.TryParse(parent[0], state.Count == 0 ? null : state.ToString(), isRemote: true, out context);
    }

    /// <summary>Any other word of a client is <c>_OTHER</c> (OpenTelemetry, HTTP spans).</summary>
    private static string MethodOf(string method)
        => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" ? method : "_OTHER";
}

/// <summary>Takes a request's id from <c>x-request-id</c>, or makes one.</summary>
internal static class RequestIds
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+/=@");

    // An id has to be unique, not secret: drawing random bytes for each request would cost a system call.
    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static ulong _last = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>What the client sent, if it is fit for logs and fields of every kind; else 32 hexadecimal digits of our own.</summary>
    public static string From(string? sent)
        => sent is { Length: > 0 and <= MaxLength } && !sent.AsSpan().ContainsAnyExcept(Allowed) ? sent : Next();

    private static string Next() => string.Create(32, Interlocked.Increment(ref _last), static (digits, number) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Process);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], number);
        Convert.TryToHexStringLower(bytes, digits, out _);
    });
}
