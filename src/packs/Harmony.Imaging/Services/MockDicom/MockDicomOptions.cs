using Harmony.Core.Configuration;

namespace Harmony.Imaging.Services.MockDicom;

/// <summary>
/// <c>[backends.NAME.options]</c> of a <c>mock_dicom</c> backend. Those of <c>dicom_scu</c> that say where it is are taken, so that one can stand in for the
/// other.
/// </summary>
public sealed record MockDicomOptions : ConfigNode
{
    /// <summary>The title it answers an echo with.</summary>
    [NotEmpty]
    public string Aet { get; init; } = "MOCK_DICOM";

    /// <summary>The host it answers an echo with.</summary>
    [NotEmpty]
    public string Host { get; init; } = "localhost";

    /// <summary>The port it answers an echo with.</summary>
    [AllowedRange(1, 65535)]
    public int Port { get; init; } = 4242;

    /// <summary>Means nothing to it.</summary>
    public string? LocalAet { get; init; }

    /// <summary>Folder for retrieved objects, relative to the working directory; <c>dimse</c> in the folder of <c>[storage]</c> when absent.</summary>
    [NotEmpty]
    public string? StorageDir { get; init; }
}
