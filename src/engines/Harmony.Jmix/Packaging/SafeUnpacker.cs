using System.Formats.Tar;
using System.IO.Compression;

namespace Harmony.Jmix.Packaging;

/// <summary>The container of a package.</summary>
public enum PackageContainer
{
    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A zip archive.</summary>
    Zip,

    /// <summary>A tar archive, compressed by gzip.</summary>
    TarGz,

    /// <summary>A tar archive.</summary>
    Tar,
}

/// <summary>
/// Unpacks an archive from outside into a folder. Nothing is written outside the folder; links, devices, doubled names, names that only some file
/// systems can hold, and archives that go over a limit are refused, each with its own fault.
/// </summary>
public static class SafeUnpacker
{
    private const int UnixTypeMask = 0xF000, UnixRegular = 0x8000, UnixFolder = 0x4000;

    /// <summary>Recognizes a container by the first bytes of an archive; null if they are of none.</summary>
    public static PackageContainer? Recognize(ReadOnlySpan<byte> start)
        => start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8) ? PackageContainer.Zip
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? PackageContainer.TarGz
            : start.Length >= 262 && start[257..262].SequenceEqual("ustar"u8) ? PackageContainer.Tar
            : null;

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The archive; a zip has to be able to seek.</param>
    /// <param name="container">The container.</param>
    /// <param name="folder">Where the files go: an empty folder that exists.</param>
    /// <param name="limits">Limits of the unpacked files.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">The archive is refused. Files that came before the entry in question remain in the folder.</exception>
    public static async Task UnpackAsync(Stream archive, PackageContainer container, string folder, UnpackLimits limits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(limits);
        try
        {
            switch (container)
            {
                case PackageContainer.Zip:
                    await UnzipAsync(archive, new Unpacking(folder, limits, archive.Length), cancellation);
                    break;
                case PackageContainer.TarGz:
                    var counted = new ReadCounter(archive);
                    await using (var plain = new GZipStream(counted, CompressionMode.Decompress, leaveOpen: true))
                        await UntarAsync(plain, new Unpacking(folder, limits, () => counted.Count), cancellation);
                    break;
                case PackageContainer.Tar:
                    // A reader that can seek trusts a stated length before it has read the bytes.
                    await UntarAsync(new ReadCounter(archive), new Unpacking(folder, limits, () => long.MaxValue), cancellation);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(container), container, "a folder is not unpacked");
            }
        }
        catch (InvalidDataException e)
        {
            throw new JmixException(JmixFault.Malformed, $"the {Name(container)} archive is damaged: {e.Message}", e);
        }
        catch (EndOfStreamException e)
        {
            throw new JmixException(JmixFault.Malformed, $"the {Name(container)} archive ends in the middle", e);
        }
    }

    private static string Name(PackageContainer container) => container == PackageContainer.Zip ? "zip" : "tar";

    private static async Task UnzipAsync(Stream archive, Unpacking unpacking, CancellationToken cancellation)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            var type = (entry.ExternalAttributes >> 16) & UnixTypeMask;
            if (type is not (0 or UnixRegular or UnixFolder))
                throw new JmixException(JmixFault.UnsafeEntry, $"the entry '{entry.FullName}' is a link or a device");
            if (entry.IsEncrypted) throw new JmixException(JmixFault.UnsafeEntry, $"the entry '{entry.FullName}' is encrypted by zip, which no package is");
            if (entry.FullName.EndsWith('/') && entry.Length == 0)
            {
                unpacking.Folder(entry.FullName);
                continue;
            }

            await using var content = await entry.OpenAsync(cancellation);
            var written = await unpacking.FileAsync(entry.FullName, content, cancellation);
            if (written != entry.Length)
                throw new JmixException(JmixFault.LyingArchive, $"the entry '{entry.FullName}' has {written} bytes and states {entry.Length}");
        }
    }

    private static async Task UntarAsync(Stream plain, Unpacking unpacking, CancellationToken cancellation)
    {
        await using var tar = new TarReader(plain, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await unpacking.FileAsync(entry.Name, entry.DataStream ?? Stream.Null, cancellation);
                    break;
                case TarEntryType.Directory:
                    unpacking.Folder(entry.Name);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new JmixException(
                        JmixFault.UnsafeEntry, $"the entry '{entry.Name}' is a link, a device or of another kind that no package needs ({entry.EntryType})");
            }
        }
    }

    /// <summary>The state of unpacking one archive: the names used and the bytes written so far.</summary>
    private sealed class Unpacking(string folder, UnpackLimits limits, Func<long> packed)
    {
        private readonly string _root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        private readonly HashSet<string> _files = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);
        private readonly byte[] _buffer = new byte[64 * 1024];
        private long _bytes;
        private int _entries;

        public Unpacking(string folder, UnpackLimits limits, long packed)
            : this(folder, limits, () => packed)
        {
        }

        public void Folder(string name)
        {
            Count();
            if (name.TrimEnd('/') is "" or ".") return;
            var normal = PackagePath.Normalize(name.TrimEnd('/'));
            if (_files.Contains(normal)) throw Doubled(normal);
            Remember(normal + "/");
            Directory.CreateDirectory(Full(normal));
        }

        public async ValueTask<long> FileAsync(string name, Stream content, CancellationToken cancellation)
        {
            Count();
            var normal = PackagePath.Normalize(name);
            if (_folders.Contains(normal) || !_files.Add(normal)) throw Doubled(normal);
            Remember(normal);
            var path = Full(normal);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            long written = 0;
            int read;
            while ((read = await content.ReadAsync(_buffer, cancellation)) > 0)
            {
                _bytes += read;
                written += read;
                if (_bytes > limits.MaxBytes) throw new JmixException(JmixFault.TooLarge, $"the package unpacks to more than {limits.MaxBytes} bytes");
                var source = packed();
                if (source < long.MaxValue / limits.MaxRatio && _bytes > Math.Max(source, 64 * 1024) * limits.MaxRatio)
                    throw new JmixException(JmixFault.TooLarge, $"the package unpacks to more than {limits.MaxRatio} times its length");
                await file.WriteAsync(_buffer.AsMemory(0, read), cancellation);
            }

            return written;
        }

        private void Count()
        {
            if (++_entries > limits.MaxEntries) throw new JmixException(JmixFault.TooLarge, $"the package has more than {limits.MaxEntries} entries");
        }

        // A name that is a file for one entry cannot be a folder for another.
        private void Remember(string normal)
        {
            for (var slash = normal.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = normal.IndexOf('/', slash + 1))
            {
                if (_files.Contains(normal[..slash])) throw Doubled(normal[..slash]);
                _folders.Add(normal[..slash]);
            }
        }

        private string Full(string normal)
        {
            var path = Path.GetFullPath(Path.Combine(_root, normal));
            return path.StartsWith(_root, StringComparison.Ordinal) ? path : throw new JmixException(JmixFault.UnsafeName, "an entry leads out of its folder");
        }

        private static JmixException Doubled(string name)
            => new(JmixFault.DuplicateName, $"two entries are called '{name}', or differ from that in case only");
    }

    /// <summary>Counts what has been read of the compressed archive.</summary>
    private sealed class ReadCounter(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Count += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
