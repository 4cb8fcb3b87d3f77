using System.Runtime.InteropServices;

namespace Harmony.Dicom.Data;

/// <summary>
/// Bytes that may be in memory, in a file or elsewhere. See <see cref="MemoryBulkData"/>, <see cref="FileBulkData"/>, <see cref="UriBulkData"/>.
/// </summary>
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

/// <summary>Bytes in memory.</summary>
/// <param name="memory">The bytes; they are not copied and must not change.</param>
public sealed class MemoryBulkData(ReadOnlyMemory<byte> memory) : BulkData
{
    /// <inheritdoc/>
    public override long? Length => memory.Length;

    /// <inheritdoc/>
    public override bool TryGetMemory(out ReadOnlyMemory<byte> bytes)
    {
        bytes = memory;
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(CancellationToken ct)
        => new(MemoryMarshal.TryGetArray(memory, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(memory.ToArray(), writable: false));
}

/// <summary>A value that stays in a file. The file is opened when the value is read, and must not change until then.</summary>
/// <param name="path">Path of the file.</param>
/// <param name="offset">Position of the first byte in the file.</param>
/// <param name="length">Number of bytes.</param>
/// <param name="isBigEndian">Whether the file's words are big endian.</param>
public sealed class FileBulkData(string path, long offset, long length, bool isBigEndian = false) : BulkData
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file the bytes begin.</summary>
    public long Offset { get; } = offset;

    /// <inheritdoc/>
    public override long? Length => length;

    /// <inheritdoc/>
    public override bool IsBigEndian { get; } = isBigEndian;

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        return new(new StreamSection(file, Offset, length));
    }
}

/// <summary>Bytes that DICOM JSON or XML refers to. This library does not fetch them.</summary>
/// <param name="uri">Absolute, or relative to where the document came from.</param>
public sealed class UriBulkData(string uri) : BulkData
{
    /// <summary>Absolute, or relative to where the document came from.</summary>
    public string Uri { get; } = uri;

    /// <inheritdoc/>
    public override long? Length => null;

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(CancellationToken ct)
        => throw new NotSupportedException("the value is a reference to a URI, which has to be fetched first");
}
