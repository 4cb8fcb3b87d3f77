namespace Harmony.Core.Envelope;

/// <summary>The field by which the trusted proxies of a network tell who a request is from.</summary>
public enum ForwardingField
{
    /// <summary><c>X-Forwarded-For</c>, with <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c>.</summary>
    XForwardedFor,

    /// <summary><c>Forwarded</c> (RFC 7239).</summary>
    Forwarded,
}
