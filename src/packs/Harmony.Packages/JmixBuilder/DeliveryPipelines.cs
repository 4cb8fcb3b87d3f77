using System.Collections.Concurrent;
using Harmony.Core.Envelope;

namespace Harmony.Packages.JmixBuilder;

/// <summary>How to send to the backends of the pipelines that a middleware stands in.</summary>
internal sealed class DeliveryPipelines
{
    private readonly ConcurrentDictionary<string, Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>>> _all = new(StringComparer.Ordinal);

    /// <summary>The first pipeline by name; null where there is none.</summary>
    public string? First => _all.Keys.Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Says how to send to the backend of a pipeline.</summary>
    public void Connect(string pipeline, Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> send) => _all[pipeline] = send;

    /// <summary>How to send to the backend of a pipeline; null where nobody has said so.</summary>
    public Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>>? Find(string pipeline) => _all.GetValueOrDefault(pipeline);
}
