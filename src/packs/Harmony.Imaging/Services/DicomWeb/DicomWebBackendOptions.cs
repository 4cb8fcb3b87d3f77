using Harmony.Core.Configuration;
using Harmony.Http.Services.Http;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary><c>[backends.NAME.options]</c> of a <c>dicomweb</c> backend.</summary>
public sealed record DicomWebBackendOptions : HttpClientOptions
{
    /// <summary>Root URL of the server's DICOMweb service, instead of a target: <c>https://pacs.example.org/dicom-web</c>.</summary>
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    /// <summary>Host name or IP address of the server, instead of <c>base_url</c> and of a target.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>With <c>host</c>: port; the default port of the protocol when absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>With <c>host</c>: protocol.</summary>
    [AllowedValues("http", "https")]
    public string Protocol { get; init; } = "http";

    /// <summary>With <c>host</c>: path of the DICOMweb service.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>
    /// Further base URLs that the server writes in RetrieveURL and BulkDataURI. The gateway replaces them, and the URL of the target, by its own URL.
    /// </summary>
    public IReadOnlyList<string> ServerUrls { get; init; } = [];

    /// <summary>
    /// Time-out in seconds: a request fails after this time without progress. Takes precedence over <c>timeout_secs</c> of the backend and of its target.
    /// </summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }
}
