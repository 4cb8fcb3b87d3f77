using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Files;

/// <summary>
/// A folder that takes objects as they come from a network, each as a file of the name of its SOP Instance UID. A file has its name only when
/// all of it is there. Safe for concurrent use.
/// </summary>
/// <param name="path">The folder; made with the first object.</param>
/// <param name="isDurable">
/// Whether an object is on the disk, and not only in the cache of the system, when it has its name; false is faster, for folders that are not needed after a
/// crash.
/// </param>
public sealed class ObjectFolder(string path, bool isDurable = true)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The folder, in full.</summary>
    public string FolderPath { get; } = Path.GetFullPath(path);

    /// <summary>Writes an object. One of the same SOP Instance UID is replaced.</summary>
    /// <param name="meta">What its file says about it.</param>
    /// <param name="dataSet">The data set, encoded as <paramref name="meta"/> says; read to its end.</param>
    /// <param name="ct">Ends the wait for the data set; nothing is left behind then.</param>
    /// <returns>The file, in full.</returns>
    /// <exception cref="IOException">It cannot be written, or the data set cannot be read; nothing is left behind.</exception>
    public async ValueTask<string> SaveAsync(FileMetaInformation meta, Stream dataSet, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(meta);
        ArgumentNullException.ThrowIfNull(dataSet);
        Directory.CreateDirectory(FolderPath);
        var final = Path.Combine(FolderPath, NameOf(meta.MediaStorageSopInstanceUid));
        await WholeFile.WriteAsync(final, isDurable, async file =>
        {
            await file.WriteAsync(await meta.ToBytesAsync(), ct);
            await dataSet.CopyToAsync(file, BufferSize, ct);
        });
        return final;
    }

    /// <summary>A text that is no UID may be an attempt to write elsewhere, and is replaced by a name of ours.</summary>
    private static string NameOf(string? uid) => $"{(uid is not null && Uid.IsTolerable(uid) ? uid : $"{Guid.NewGuid():N}")}.dcm";
}
