namespace Harmony.Dicom.Coding;

/// <summary>How to write, where the standard leaves a choice.</summary>
public sealed record DicomWriteOptions
{
    /// <summary>The defaults.</summary>
    public static DicomWriteOptions Default { get; } = new();

    /// <summary>Whether sequences and items say how long they are; else delimiters end them, which costs nothing to find out. Default false.</summary>
    public bool DefinedLengths { get; init; }
}
