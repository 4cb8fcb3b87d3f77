using Harmony.Imaging.Dicom;

namespace Harmony.Data.Services.Storage;

/// <summary>The content types of stored objects.</summary>
internal static class StoredContentType
{
    /// <summary>The type by the extension of a name.</summary>
    /// <param name="extension">In lower case, without the dot.</param>
    public static string Of(string extension) => extension switch
    {
        "json" => "application/json",
        "xml" => "application/xml",
        "dcm" => DicomMediaType.Object,
        _ => "application/octet-stream",
    };
}
