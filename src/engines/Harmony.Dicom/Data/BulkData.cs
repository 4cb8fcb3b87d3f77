namespace Harmony.Dicom.Data;

/// <summary>Bytes that may be in memory, in a file or elsewhere. See <see cref="MemoryBulkData"/>, <see cref="FileBulkData"/>, <see cref="UriBulkData"/>.</summary>
public abstract class BulkData
{
    /// <summary>The number of bytes; null if only reading them tells.</summary>
    public abstract long? Length { get; }

    /// <summary>
    /// Whether words are in big endian order, as in a file of that transfer syntax: those who read the bytes swap them. Writing to a file or
    /// stream does.
    /// </summary>
    public virtual bool IsBigEndian => false;

    /// <summary>The bytes, if they are in memory.</summary>
    public virtual bool TryGetMemory(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }

    /// <summary>Opens the bytes for reading from the first to the last. The caller disposes the stream.</summary>
    /// <exception cref="IOException">They cannot be read any more.</exception>
    /// <exception cref="NotSupportedException">This library cannot fetch them: they are a URI.</exception>
    public abstract ValueTask<Stream> OpenAsync(CancellationToken ct);
}
