using Harmony.Dicom.Network.Scp;
using Harmony.Http.Tls;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>The settings of a <c>dicom_scp</c> endpoint.</summary>
internal sealed record ScpSettings
{
    /// <summary>The gateway's AE title.</summary>
    public required string AeTitle { get; init; }

    /// <summary>Whether associations must call that title.</summary>
    public required bool RequiresCalledAeTitle { get; init; }

    /// <summary>The address as configured; null where only the network says one.</summary>
    public required string? Address { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>TLS; null for none.</summary>
    public required TlsSettings? Tls { get; init; }

    /// <summary>Whether the endpoint is closed, because its certificate or key cannot be used.</summary>
    public bool StaysClosed { get; init; }

    /// <summary>Time for a handshake of TLS.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Which associations are accepted, and how they are served.</summary>
    public required AcceptorOptions Acceptor { get; init; }

    /// <summary>The operations that it takes.</summary>
    public required IReadOnlySet<Dicom.DimseOperation> Operations { get; init; }

    /// <summary>Whether the endpoint accepts storage commitment.</summary>
    public required bool Commits { get; init; }

    /// <summary>Most matches of a query; null for no limit.</summary>
    public required int? MaxResults { get; init; }

    /// <summary>Most bytes of an object before its pixel data.</summary>
    public required long MaxHeader { get; init; }

    /// <summary>Most bytes of an answer of a backend that are held at once.</summary>
    public required long MaxBody { get; init; }

    /// <summary>Folder for what has to be kept while something is retrieved.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Transcodes retrieved objects for systems that do not accept their transfer syntax; null without transcoding.</summary>
    public required ObjectTranscoding? Transcoding { get; init; }

    /// <summary>The destinations of C-MOVE.</summary>
    public required MoveDestinations Destinations { get; init; }
}
