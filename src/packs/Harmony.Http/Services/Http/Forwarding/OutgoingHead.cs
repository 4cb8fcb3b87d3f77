using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>The head of a request to a target, in no form of the wire yet: <see cref="ITargetSender"/> gives it one.</summary>
internal sealed class OutgoingHead
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The method, as it is written: <c>GET</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Scheme and authority: <c>http://pacs.example.org:8042</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The target in origin form (RFC 9112 §3.2.1), as the origin shall see it.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>Whether a middleware sends it elsewhere than to the target, whose credentials are none of the business of others.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Whether it asks for another protocol (RFC 9110 §7.8), which is asked for in HTTP/1.1.</summary>
    public bool Switches { get; init; }

    /// <summary>Whether it asks for the target's health, which must not fail because every connection is in use.</summary>
    public bool IsHealthCheck { get; init; }

    /// <summary>The client's connection; null where it has none. What authenticates a connection to the origin belongs to it.</summary>
    public IConnectionScope? Client { get; init; }

    /// <summary>Its fields; those of the framing are left to the sender, and so is <c>Host</c> where it is the origin's.</summary>
    public HeaderFields Fields { get; } = new(16);

    /// <summary>The whole URL.</summary>
    public Uri ToUri() => new(Origin + PathAndQuery, AsIs);
}
