using Harmony.Dicom.Data;

namespace Harmony.Dicom.Json;

/// <summary>How to write DICOM JSON.</summary>
public sealed record DicomJsonWriterOptions
{
    /// <summary>The defaults: everything inline.</summary>
    public static DicomJsonWriterOptions Default { get; } = new();

    /// <summary>
    /// Gives the URI to write in place of a blob (VRs OB to OW, UN, and everything that is not in memory), or null to write it inline. Compressed pixel data need one.
    /// The first argument is where the element is: <c>7FE00010</c>, in an item <c>00880200/1/7FE00010</c>, items counted from 1.
    /// </summary>
    public Func<string, DicomElement, string?>? BulkDataUri { get; init; }
}
