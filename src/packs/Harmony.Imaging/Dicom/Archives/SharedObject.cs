using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Web.Objects;

namespace Harmony.Imaging.Dicom.Archives;

/// <summary>An object that has been retrieved, as a file that does not change.</summary>
/// <param name="path">The file.</param>
/// <param name="length">Its bytes.</param>
/// <param name="sopInstanceUid">Which it is.</param>
/// <param name="syntax">How its data set is encoded.</param>
/// <param name="series">The series it was retrieved for.</param>
/// <param name="tag">Identifies this copy of the object among all that are ever retrieved.</param>
internal sealed class SharedObject(string path, long length, string sopInstanceUid, TransferSyntax syntax, string series, string tag)
{
    private readonly Lock _lock = new();
    private Task<InstanceFrames?>? _frames;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Its bytes.</summary>
    public long Length => length;

    /// <summary>Which it is.</summary>
    public string SopInstanceUid => sopInstanceUid;

    /// <summary>How its data set is encoded.</summary>
    public TransferSyntax Syntax => syntax;

    /// <summary>The series it was retrieved for.</summary>
    public string Series => series;

    /// <summary>Identifies this copy of the object: what has the same tag has the same bytes.</summary>
    public string Tag => tag;

    /// <summary>Opens the file.</summary>
    public FileStream Open()
        => new(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Reads its data set; values longer than <paramref name="bulkThreshold"/> stay in the file.</summary>
    /// <exception cref="DicomFormatException">It cannot be read.</exception>
    public ValueTask<DicomFile> ReadAsync(int bulkThreshold, CancellationToken ct)
        => DicomFile.OpenAsync(path, new DicomReadOptions { BulkThreshold = bulkThreshold, MaxMemory = 256 * 1024 * 1024 }, ct);

    /// <summary>The positions of its frames; null without frames. Read once.</summary>
    /// <exception cref="DicomFramesException">They cannot be told apart.</exception>
    public Task<InstanceFrames?> FramesAsync()
    {
        lock (_lock) return _frames is null or { IsFaulted: true } ? _frames = FindFramesAsync() : _frames;
    }

    private async Task<InstanceFrames?> FindFramesAsync()
        => await InstanceFrames.FindAsync(
            await DicomFile.OpenAsync(path, new DicomReadOptions { BulkThreshold = 512, MaxMemory = 64 * 1024 * 1024 }), CancellationToken.None);
}
