using System.Collections.Concurrent;
using Harmony.Core.Modules;

namespace Harmony.Packages.JmixBuilder;

/// <summary>The senders to the backends of the pipelines that a middleware stands in, by pipeline.</summary>
internal sealed class DeliveryPipelines
{
    private readonly ConcurrentDictionary<string, RequestSender> _all = new(StringComparer.Ordinal);

    /// <summary>The first pipeline by name; null where there is none.</summary>
    public string? First => _all.Keys.Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Adds the sender to the backend of a pipeline.</summary>
    public void Connect(string pipeline, RequestSender send) => _all[pipeline] = send;

    /// <summary>The sender to the backend of a pipeline; null for a pipeline of another configuration.</summary>
    public RequestSender? Find(string pipeline) => _all.GetValueOrDefault(pipeline);
}
