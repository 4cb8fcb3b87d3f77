using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Echo;

/// <summary><c>[backends.NAME.options]</c> of an <c>echo</c> backend.</summary>
public sealed record EchoBackendOptions : ConfigNode
{
    /// <summary>Accepted because older configurations give it; means nothing to a backend.</summary>
    public string? PathPrefix { get; init; }
}
