using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Core.Configuration;

/// <summary>
/// Tells a file, or what a folder lists, from what was there before. Symbolic links are followed, each folder on the
/// way too, so that the swap of a link (as Kubernetes does it) changes the stamp.
/// </summary>
/// <param name="Exists">Whether there is one.</param>
/// <param name="Written">When it was last written, UTC. File systems count in steps of some milliseconds, so this alone does not tell two writes apart.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Names">Of a folder: what it lists.</param>
public readonly record struct FileStamp(bool Exists, DateTime Written = default, long Length = 0, string? Names = null)
{
    private const int MaxBytesToRead = 1 << 20;

    private static readonly string[] SwapSuffixes = ["~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig", "#"];

    /// <summary>The stamp of a file; one that cannot be looked at counts as missing.</summary>
    public static FileStamp OfFile(string path)
    {
        try
        {
            var file = Followed(path);
            return file.Exists ? new FileStamp(true, file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return default;
        }
    }

    /// <summary>A fingerprint of a file's content: tells what was replaced by a file of the same size and time. 0 for files above 1 MiB.</summary>
    public static ulong ContentOf(string path)
    {
        try
        {
            // A pipe has no length, and what is read from it is gone.
            if (Followed(path) is not { Exists: true, Length: > 0 and <= MaxBytesToRead }) return 0;
            using var stream = File.OpenRead(path);
            return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(stream));
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return 0;
        }
    }

    /// <summary>The stamp of what a folder lists, without what editors put there for a moment.</summary>
    public static FileStamp OfFolder(string path)
        => Directory.Exists(path) ? new FileStamp(true, Names: string.Join('\n', FilesIn(path).Select(Path.GetFileName))) : default;

    /// <summary>The files of a folder in a fixed order, hidden ones and those that editors put there for a moment left out.</summary>
    public static IReadOnlyList<string> FilesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Where(f => !IsPassing(Path.GetFileName(f))).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return [];
        }
    }

    private static FileInfo Followed(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <summary>Hidden files, backups, swap files, and the <c>4913</c> by which vim tries whether it may write.</summary>
    private static bool IsPassing(string name)
        => name[0] == '.' || name == "4913" || Array.Exists(SwapSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
}
