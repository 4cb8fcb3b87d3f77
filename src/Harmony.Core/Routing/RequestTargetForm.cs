namespace Harmony.Core.Routing;

/// <summary>The four ways in which a request line names its target (RFC 9112 3.2).</summary>
public enum RequestTargetForm
{
    /// <summary><c>/path?query</c>, what clients send to servers.</summary>
    Origin,

    /// <summary><c>http://host/path?query</c>, what clients send to proxies.</summary>
    Absolute,

    /// <summary><c>host:port</c>, the target of CONNECT.</summary>
    Authority,

    /// <summary><c>*</c>, the server as a whole, for OPTIONS.</summary>
    Asterisk,
}
