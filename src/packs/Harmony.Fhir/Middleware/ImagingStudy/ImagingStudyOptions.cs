using Harmony.Core.Configuration;

namespace Harmony.Fhir.Middleware.ImagingStudy;

/// <summary>The options of an <c>imaging_study</c> middleware, which stands between a <c>fhir</c> endpoint and a <c>dicom_scu</c> backend.</summary>
public sealed record ImagingStudyOptions : ConfigNode
{
    /// <summary>System of patient ids, the issuer of (0010,0020), as a URI; without one, ids stand alone.</summary>
    [NotEmpty]
    public string? PatientSystem { get; init; }

    /// <summary>System of accession numbers, as a URI.</summary>
    [NotEmpty]
    public string? AccessionSystem { get; init; }

    /// <summary>Base URL of a DICOMweb service with the same studies, which each study names as its endpoint.</summary>
    [NotEmpty]
    public string? DicomwebUrl { get; init; }

    /// <summary>Time zone of studies without (0008,0201), by its IANA name, e.g. <c>Europe/Berlin</c>.</summary>
    [NotEmpty]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Studies on a page if the client gives no <c>_count</c>.</summary>
    [AllowedRange(1, 1000)]
    public int PageSize { get; init; } = 50;

    /// <summary>Base URL by which clients know the gateway, for links; made of scheme, host and prefix of each request when absent.</summary>
    [NotEmpty]
    public string? PublicBase { get; init; }
}
