using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>What webhooks count; the tag <c>middleware</c> is the instance's name.</summary>
internal static class WebhookMetrics
{
    private static readonly Counter<long> DeliveredCounter =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.webhook.delivered", "{document}", "Documents that the receiver took.");

    private static readonly Counter<long> DroppedCounter =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.webhook.dropped", "{document}", "Documents that were never delivered, by reason: queue_full, failed, stopped.");

    public static void Delivered(string middleware) => DeliveredCounter.Add(1, new KeyValuePair<string, object?>("middleware", middleware));

    public static void QueueFull(string middleware) => Dropped(middleware, "queue_full", 1);

    public static void Failed(string middleware) => Dropped(middleware, "failed", 1);

    public static void Stopped(string middleware, int count) => Dropped(middleware, "stopped", count);

    private static void Dropped(string middleware, string reason, int count)
        => DroppedCounter.Add(count, new KeyValuePair<string, object?>("middleware", middleware), new KeyValuePair<string, object?>("reason", reason));
}
