namespace Harmony.Testing.Dicom;

/// <summary>How an <see cref="OrthancPeer"/> is started.</summary>
public sealed record OrthancSettings
{
    /// <summary>Its AE title.</summary>
    public string AeTitle { get; init; } = "ORTHANC";

    /// <summary>The systems it knows and can move to, on ports of the loopback interface.</summary>
    public IReadOnlyList<(string AeTitle, int Port)> Modalities { get; init; } = [];

    /// <summary>Whether its DICOMweb plug-in is loaded, at <c>/dicom-web/</c>.</summary>
    public bool DicomWeb { get; init; }

    /// <summary>Files in PEM form by which it speaks TLS, as server and as client, and asks for certificates; null for no TLS.</summary>
    public (string Certificate, string Key, string Authority)? Tls { get; init; }
}
