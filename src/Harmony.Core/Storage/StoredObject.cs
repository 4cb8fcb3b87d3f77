namespace Harmony.Core.Storage;

/// <summary>What is known of an object without its bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ETag">Its strong entity tag, with the quotes (RFC 9110 §8.8.3): another one when the bytes change.</param>
/// <param name="Modified">When it was written.</param>
public sealed record ObjectStat(ObjectName Name, long Length, string ETag, DateTimeOffset Modified)
{
    /// <summary>Its media type; in a listing the one that follows from its name, as listings do not always say another.</summary>
    public string ContentType { get; init; } = ObjectContentType.Of(Name);
}

/// <summary>An object that was opened.</summary>
/// <param name="Content">Its bytes, or the part that was asked for; disposed by who opened it.</param>
/// <param name="Stat">What the object is, at the moment it was opened.</param>
public sealed record StoredObject(Stream Content, ObjectStat Stat);

/// <summary>The media types that follow from the names of objects.</summary>
public static class ObjectContentType
{
    /// <summary>For anything else.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The type by the extension of a name.</summary>
    public static string Of(ObjectName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Extension switch
        {
            "json" => "application/json",
            "xml" => "application/xml",
            "dcm" => "application/dicom",
            "zip" => "application/zip",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "csv" => "text/csv",
            "jpg" or "jpeg" => "image/jpeg",
            "png" => "image/png",
            _ => Unknown,
        };
    }
}
