using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Echo;

/// <summary><c>[endpoints.NAME.options]</c> of an <c>echo</c> endpoint.</summary>
public sealed record EchoEndpointOptions : ConfigNode
{
    /// <summary>Claims this path and everything below it.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/echo";
}
