using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Core.Storage;

/// <summary>A file without a name of its own yet. Gone when it is disposed and got none.</summary>
internal sealed class IncomingFile : IDisposable
{
    private const int CompareBuffer = 64 * 1024;

    private static long _lastStamp;

    private readonly string _path;
    private readonly FileStream _file;

    /// <exception cref="IOException">The file cannot be created.</exception>
    public IncomingFile(string path)
    {
        _path = path;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous, BufferSize = 0
        };
        // Patients' data are for the owner and its group only; the umask may take away more.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        _file = new FileStream(path, options);
    }

    /// <summary>Bytes in it.</summary>
    public long Length { get; private set; }

    private SafeFileHandle Handle => _file.SafeFileHandle;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await RandomAccess.WriteAsync(Handle, bytes, Length, ct);
        Length += bytes.Length;
    }

    /// <summary>Waits until the disk has it.</summary>
    public void Flush() => RandomAccess.FlushToDisk(Handle);

    /// <summary>Ends the writing: from here on the file has its entity tag, by a time of last write that no other file of this process has.</summary>
    public void Stamp() => File.SetLastWriteTimeUtc(Handle, NextStamp());

    /// <summary>The properties of the file under a name.</summary>
    public ObjectStat Stat(ObjectName name) => StatOf(Handle, name);

    /// <summary>The properties of an open file.</summary>
    public static ObjectStat StatOf(SafeFileHandle file, ObjectName name) => StatOf(name, RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));

    /// <summary>The properties of a file from its length and time.</summary>
    public static ObjectStat StatOf(ObjectName name, long length, DateTime lastWrite)
        => new(name, length, string.Create(CultureInfo.InvariantCulture, $"\"{lastWrite.Ticks:x}-{length:x}\""), new DateTimeOffset(lastWrite));

    /// <summary>Gives the file a name if the name is free. Of several writers that try at once, one succeeds.</summary>
    public bool TryName(string path) => FileNames.TryTake(_path, path);

    /// <summary>Gives the file its name, and replaces the file that has the name.</summary>
    public void Replace(string path) => File.Move(_path, path, overwrite: true);

    /// <summary>Whether another file holds the same bytes.</summary>
    public async ValueTask<bool> IsSameAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path)) return false;
        using var other = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        if (RandomAccess.GetLength(other) != Length) return false;
        var buffer = ArrayPool<byte>.Shared.Rent(2 * CompareBuffer);
        try
        {
            var (mine, theirs) = (buffer.AsMemory(0, CompareBuffer), buffer.AsMemory(CompareBuffer, CompareBuffer));
            for (var at = 0L; at < Length;)
            {
                var read = await RandomAccess.ReadAsync(Handle, mine, at, ct);
                if (read == 0 || await RandomAccess.ReadAsync(other, theirs[..read], at, ct) != read) return false;
                if (!mine.Span[..read].SequenceEqual(theirs.Span[..read])) return false;
                at += read;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static DateTime NextStamp()
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastStamp);
            var next = Math.Max(TimeProvider.System.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _lastStamp, next, last) == last) return new DateTime(next, DateTimeKind.Utc);
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        finally
        {
            Delete();
        }
    }

    /// <summary>Where the file has a name of its own, this one is gone already. What cannot be deleted is cleaned up later.</summary>
    private void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An exception here would hide the one that says why nothing was stored.
        }
    }
}

/// <summary>Gives files free names, atomically. The platform's own move does not promise that.</summary>
internal static partial class FileNames
{
    private const int Exists = 17; // EEXIST

    /// <summary>Moves a file to a free name; false when the name is taken.</summary>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    public static bool TryTake(string from, string to)
    {
        if (OperatingSystem.IsWindows()) return TryMove(from, to);
        // link(2) refuses a name that is taken, and is atomic also over NFS (POSIX.1-2017).
        if (Link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

        // Not every file system has links; there the check and the move are two steps.
        return Marshal.GetLastPInvokeError() != Exists && TryMove(from, to);
    }

    private static bool TryMove(string from, string to)
    {
        if (Path.Exists(to)) return false;
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
