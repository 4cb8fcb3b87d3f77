using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Page;

/// <summary><c>[backends.NAME.options]</c> of a <c>page</c> backend.</summary>
public sealed record PageBackendOptions : ConfigNode
{
    /// <summary>Heading of the page; the gateway's name when absent.</summary>
    public string? Title { get; init; }
}
