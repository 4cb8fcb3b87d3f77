using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>What a <see cref="Pipeline"/> is made of, while it is put together.</summary>
internal sealed class PipelineParts
{
    public required string Name { get; init; }

    public List<NamedStep<IRequestMiddleware>> Left { get; } = [];

    public List<NamedStep<IResponseMiddleware>> Right { get; } = [];

    public List<NamedBackend> Backends { get; } = [];

    public List<BackendRoute> Routes { get; } = [];

    /// <summary>Whether every backend gets every request.</summary>
    public bool SendsToAll { get; init; }

    /// <summary>Set when it names something this program cannot do yet.</summary>
    public Refusal? Inactive { get; set; }

    /// <summary>How much of a body may be read.</summary>
    public required ContentLimitsSection Limits { get; init; }
}
