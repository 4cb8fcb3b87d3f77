namespace Harmony.Dicom.Data;

/// <summary>Bytes that stayed in a file. The file is opened when they are wanted, and must be as it was until then.</summary>
/// <param name="path">The file.</param>
/// <param name="offset">Where the bytes begin.</param>
/// <param name="length">How many there are.</param>
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
