namespace Harmony.Data.Services.Storage.S3;

/// <summary>The content types of objects by their extensions.</summary>
internal static class ContentTypes
{
    /// <summary>The type.</summary>
    /// <param name="extension">In lower case, without the dot.</param>
    public static string Of(string extension) => extension switch
    {
        "json" => "application/json",
        "xml" => "application/xml",
        "dcm" => "application/dicom",
        "zip" => "application/zip",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    };
}
