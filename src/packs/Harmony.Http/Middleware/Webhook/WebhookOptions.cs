using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>The options of a <c>webhook</c> middleware.</summary>
public sealed record WebhookOptions : ConfigNode
{
    /// <summary>URL that is sent a POST with a JSON document. <c>[proxy.egress]</c> must allow it.</summary>
    [NotEmpty]
    public required string Endpoint { get; init; }

    /// <summary>What is told: requests (<c>left</c>), answers (<c>right</c>) or both, in two documents.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>Seconds for one try, from connecting to the receiver's status.</summary>
    [AllowedRange(1, 300)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Further tries, 1, 2, 4 … seconds apart, when the receiver cannot be reached, is late, or answers 408, 429 or 5xx.</summary>
    [AllowedRange(0, 10)]
    public int MaxRetries { get; init; } = 2;

    /// <summary>Documents that wait for the receiver; when there are more, the newest are dropped and counted.</summary>
    [AllowedRange(1, 100_000)]
    public int QueueSize { get; init; } = 1000;

    /// <summary>Seconds that waiting documents get to be delivered when the gateway stops or the configuration is replaced.</summary>
    [AllowedRange(0, 300)]
    public int DrainSecs { get; init; } = 5;

    /// <summary>Header fields whose values are hidden, besides those of credentials and cookies.</summary>
    public IReadOnlyList<string> RedactHeaders { get; init; } = [];

    /// <summary>Metadata whose values are hidden.</summary>
    public IReadOnlyList<string> RedactMetadata { get; init; } = [];

    /// <summary>Credentials for the receiver, in place of <c>authentication = "NAME"</c>: a <c>method</c> (basic, bearer or api_key) and its <c>options</c>.</summary>
    public AuthenticationSection? AuthenticationDef { get; init; }
}
