using Harmony.Core.Configuration;

namespace Harmony.Packages.Jmix;

/// <summary><c>[endpoints.NAME.options]</c> of a <c>jmix</c> endpoint.</summary>
public sealed record JmixEndpointOptions : ConfigNode
{
    /// <summary>Path in front of <c>/api/jmix</c>, e.g. <c>/jmix</c>.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/";

    /// <summary>Whether clients may delete packages (<c>DELETE</c>).</summary>
    public bool AllowDelete { get; init; }

    /// <summary>Bytes of the largest package that may be uploaded; no limit when absent.</summary>
    [AllowedRange(1)]
    public long? MaxBodySize { get; init; }

    /// <summary>
    /// Origins of web pages that may use the API and its resumable uploads, e.g. <c>https://portal.example.org</c>; <c>*</c> for every origin. Empty: only
    /// the origin of the API itself.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Lets those pages send cookies and client certificates along. Not with the origin <c>*</c>.</summary>
    public bool CorsCredentials { get; init; }

    /// <summary>Folder of the package store; has precedence over that of <c>jmix_builder</c>.</summary>
    [NotEmpty]
    public string? StoreDir { get; init; }

    /// <summary>Leaves hashes out of the packages that are built; has precedence over <c>jmix_builder</c>.</summary>
    public bool? SkipHashing { get; init; }

    /// <summary>Leaves DICOM objects out of <c>files.json</c>; has precedence over <c>jmix_builder</c>.</summary>
    public bool? SkipListing { get; init; }
}
