using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>How far to read, and how much to believe. Every limit is checked before anything is allocated.</summary>
public sealed record DicomReadOptions
{
    /// <summary>The defaults, for data from anywhere.</summary>
    public static DicomReadOptions Default { get; } = new();

    /// <summary>Reading ends before the first element of the data set (not of its items) from this tag on; its value is not read. Default: none, all is read.</summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>Values longer than this stay where they are when the source is a file, as a <see cref="DicomBulkValue"/>. In bytes; default 64 KiB.</summary>
    public long BulkThreshold { get; init; } = 64 * 1024;

    /// <summary>The longest value that is taken into memory, in bytes. Default 512 MiB, at most 2 GiB - 64 KiB.</summary>
    public int MaxValueLength { get; init; } = 512 * 1024 * 1024;

    /// <summary>What all values in memory together may take, in bytes. Default 1 GiB.</summary>
    public long MaxMemory { get; init; } = 1024L * 1024 * 1024;

    /// <summary>The longest data set, in bytes, whether it stays in a file or not. Default 64 GiB.</summary>
    public long MaxTotalLength { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>What a deflated data set may grow to, in bytes. Default 1 GiB.</summary>
    public long MaxInflatedLength { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How deep sequences may be nested. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many elements, items and fragments there may be altogether. Default 2 million.</summary>
    public int MaxElements { get; init; } = 2_000_000;
}
