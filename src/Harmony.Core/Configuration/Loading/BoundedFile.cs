using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Harmony.Core.Configuration;

/// <summary>
/// Reads the files that a configuration consists of or names. Only regular files, and only up to a bound: a device never ends, and a pipe
/// may never begin.
/// </summary>
public static class BoundedFile
{
    /// <summary>The most bytes that a file may have, where the caller names no other bound: 64 MiB.</summary>
    public const long DefaultLimit = 64 << 20;

    /// <summary>The bytes of a file; links are followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or is longer; <see cref="Readable.Reason"/> says which.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, long limit = DefaultLimit)
    {
        using var stream = Open(path);
        // A file of /proc says that it has no length; what it holds is counted while it is read.
        if (stream.Length > limit) throw TooLong(limit);
        using var content = new MemoryStream((int)Math.Min(stream.Length, limit));
        var buffer = new byte[Math.Min(limit + 1, 81920)];
        while (stream.Read(buffer) is var count and > 0)
        {
            if (content.Length + count > limit) throw TooLong(limit);
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>The text of a file, UTF-8 unless its first bytes say otherwise.</summary>
    /// <inheritdoc cref="Read"/>
    public static string ReadText(string path, long limit = DefaultLimit)
    {
        using var reader = new StreamReader(new MemoryStream(Read(path, limit)));
        return reader.ReadToEnd();
    }

    /// <summary>Opens a regular file. To open a pipe or a device would wait, or have an effect, so its kind is asked before.</summary>
    private static FileStream Open(string path)
    {
        if (!FileKind.MayBeRegular(path)) throw new IOException("it is no regular file");
        return new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
    }

    private static IOException TooLong(long limit) => new($"it has more than {limit} bytes");
}

/// <summary>Tells files from the pipes, sockets and devices that stand in folders beside them. The runtime has no call for that.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeWanted = 1; // STATX_TYPE
    private const int ModeOffset = 28; // of stx_mode in struct statx, the same on every architecture
    private const int TypeBits = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Folder = 0x4000; // S_IFDIR: opening a folder gives a better message

    /// <summary>False for pipes, sockets and devices, links followed. True where nothing is there, and where the system cannot say.</summary>
    public static bool MayBeRegular(string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> status = stackalloc byte[256];
        if (GetStatus(CurrentFolder, path, 0, TypeWanted, ref MemoryMarshal.GetReference(status)) != 0) return true;
        return (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeBits) is Regular or Folder;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetStatus(int folder, string path, int flags, uint mask, ref byte status);
}

/// <summary>Says in a few words why a file could not be read.</summary>
public static class Readable
{
    /// <summary><c>no such file</c>, <c>permission denied</c>, or the system's own words on one line.</summary>
    public static string Reason(Exception e) => e switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        UnauthorizedAccessException when DeniedPath(e.Message) is { } path && Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "permission denied",
        ArgumentException => "that is not a path",
        _ => e?.Message.ReplaceLineEndings(" ") ?? "",
    };

    /// <summary>Whether an exception means that a file cannot be read, and not that the program is wrong.</summary>
    public static bool IsReadFailure(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>Whether an exception means that there is no such file.</summary>
    public static bool IsAbsence(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;

    /// <summary>The system says <c>Access to the path '/x' is denied.</c> of folders too.</summary>
    private static string? DeniedPath(string message)
    {
        var (first, last) = (message.IndexOf('\''), message.LastIndexOf('\''));
        return first < last ? message[(first + 1)..last] : null;
    }
}

/// <summary>
/// Tells a file, or what a folder lists, from what was there before. Symbolic links are followed, each folder on the
/// way too, so that the swap of a link (as Kubernetes does it) changes the stamp.
/// </summary>
/// <param name="Exists">Whether there is one.</param>
/// <param name="Written">When it was last written, UTC. File systems count in steps of some milliseconds, so this alone does not tell two writes apart.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Names">Of a folder: what it lists. Of a symbolic link: the file that it leads to, which may have the size and time of the one before.</param>
public readonly record struct FileStamp(bool Exists, DateTime Written = default, long Length = 0, string? Names = null)
{
    private const int MaxBytesToRead = 1 << 20;

    private static readonly string[] SwapSuffixes = ["~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig", "#"];

    /// <summary>The stamp of a file; one that cannot be looked at counts as missing.</summary>
    public static FileStamp OfFile(string path)
    {
        try
        {
            var named = new FileInfo(path);
            var file = Followed(named);
            return file.Exists ? new FileStamp(true, file.LastWriteTimeUtc, file.Length, ReferenceEquals(file, named) ? null : file.FullName) : default;
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
            if (Followed(new FileInfo(path)) is not { Exists: true, Length: > 0 and <= MaxBytesToRead }) return 0;
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

    private static FileInfo Followed(FileInfo file)
        => file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    /// <summary>Hidden files, backups, swap files, and the <c>4913</c> by which vim tries whether it may write.</summary>
    private static bool IsPassing(string name)
        => name[0] == '.' || name == "4913" || Array.Exists(SwapSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
}
