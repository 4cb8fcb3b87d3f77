using Harmony.Core.Configuration;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary><c>[endpoints.NAME.options]</c> of a <c>dicomweb</c> endpoint.</summary>
public sealed record DicomWebOptions : ConfigNode
{
    /// <summary>Claims this path and everything below it: the root of the DICOMweb service.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/dicomweb";

    /// <summary>
    /// Where clients reach that root, e.g. <c>https://pacs.example.org/dicomweb</c>: what RetrieveURL and BulkDataURI begin with. When absent, what the
    /// client asked for, or what trusted proxies say it asked for.
    /// </summary>
    [NotEmpty]
    public string? PublicUrl { get; init; }

    /// <summary>
    /// Origins of web pages that may use the service, e.g. <c>https://viewer.example.org</c>; <c>*</c> for every one. Empty: none but its own.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = ["*"];

    /// <summary>Lets those pages send cookies and client certificates along. Not with the origin <c>*</c>.</summary>
    public bool CorsCredentials { get; init; }

    /// <summary>Bytes of the largest request body; no limit when absent, as stored objects stream.</summary>
    [AllowedRange(0)]
    public long? MaxBodySize { get; init; }

    /// <summary>Answers JSON and XML in gzip or br where the client takes it.</summary>
    public bool Compression { get; init; } = true;
}
