namespace Harmony.Core.Configuration;

/// <summary><c>[dicom]</c>: what DICOM endpoints share.</summary>
public sealed record DicomSection : ConfigNode
{
    /// <summary>Where C-MOVE may send objects to, by AE title, besides <c>[peers.NAME]</c> of protocol <c>dicom</c>.</summary>
    public IReadOnlyDictionary<string, DicomDestinationSection> Destinations { get; init; } = new Dictionary<string, DicomDestinationSection>();
}
