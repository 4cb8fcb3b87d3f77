using System.Net.Security;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>The system that a backend asks, and how it is spoken to. Pools of associations to equal nodes are the same pool.</summary>
/// <param name="Name">Name of the target, or of the backend.</param>
/// <param name="AeTitle">Its AE title.</param>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">Port.</param>
/// <param name="LocalAeTitle">The gateway's AE title.</param>
/// <param name="Tls">
/// Fingerprint of what is trusted and shown; null without TLS. Not of the paths: a certificate that was replaced needs new associations.
/// </param>
internal sealed record DicomNode(string Name, string AeTitle, string Host, int Port, string LocalAeTitle, string? Tls)
{
    /// <summary>Longest PDU that is accepted, in bytes.</summary>
    public required int MaxPdu { get; init; }

    /// <summary>Time to make a connection, TLS included.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Time to negotiate and to end an association.</summary>
    public required TimeSpan Artim { get; init; }

    /// <summary>Time without an answer after which an operation is given up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Most concurrent associations.</summary>
    public required int MaxAssociations { get; init; }

    /// <summary>Time after which an unused association is released.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>As a URL, for people.</summary>
    public string Url { get; } = $"{(Tls is null ? "dicom" : "dicom+tls")}://{AeTitle}@{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>Its name in messages.</summary>
    public string Described { get; } = $"'{AeTitle}' at {(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}

/// <summary>The settings of a system in a configuration.</summary>
/// <param name="Node">Address and settings of the system.</param>
/// <param name="Tls">What is trusted and shown, <see cref="DicomNode.Tls"/> is its fingerprint; null without TLS.</param>
/// <param name="Weight">Its share among the targets of the backend.</param>
internal sealed record BuiltNode(DicomNode Node, SslClientAuthenticationOptions? Tls, int Weight);
