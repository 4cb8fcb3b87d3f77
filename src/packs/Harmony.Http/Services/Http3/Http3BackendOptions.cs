using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Http3;

/// <summary><c>[backends.NAME.options]</c> of an <c>http3</c> backend. More can be said to an <c>http</c> backend with <c>http_version = "3"</c>.</summary>
public sealed record Http3BackendOptions : ConfigNode
{
    /// <summary>Host name or IP address, instead of a target.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>UDP port, with <c>host</c>.</summary>
    [AllowedRange(1, 65535)]
    public int Port { get; init; } = 443;

    /// <summary>Path put in front of every request's, with <c>host</c>.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>PEM file with the certificates of the authority that vouches for the target, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>Seconds without progress after which a request is given up; goes before <c>timeout_secs</c> of the backend and of its target; 0 for no limit.</summary>
    [AllowedRange(0, 86400)]
    public int? TimeoutSecs { get; init; }
}
