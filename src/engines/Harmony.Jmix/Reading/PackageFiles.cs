using System.IO.Compression;
using Harmony.Jmix.Packaging;

namespace Harmony.Jmix.Reading;

/// <summary>The files of a package in a folder or archive. Names are relative to the folder that holds <c>manifest.json</c>.</summary>
public abstract class PackageFiles : IDisposable
{
    /// <summary>The container that the package was read from.</summary>
    public required PackageContainer Container { get; init; }

    /// <summary>The folder within the archive that holds the package; empty if the package lies at the top.</summary>
    public string Root { get; private set; } = "";

    /// <summary>All files with their lengths in bytes.</summary>
    public IReadOnlyDictionary<string, long> Lengths { get; private set; } = new Dictionary<string, long>();

    /// <summary>Folders that stand in the package without a file in them, relative like the files.</summary>
    public IReadOnlyList<string> EmptyFolders { get; private set; } = [];

    /// <summary>Opens a package: a folder, a zip, a tar archive with or without gzip.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="limits">How much a tar archive may unpack to; the folder for it is made within <paramref name="temporaryFolder"/>.</param>
    /// <param name="temporaryFolder">Null for the system's folder.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">The file is no archive, or the archive is refused.</exception>
    public static async Task<PackageFiles> OpenAsync(string path, UnpackLimits limits, string? temporaryFolder, CancellationToken cancellation)
    {
        if (Directory.Exists(path)) return new FolderFiles(path, ownsFolder: false, findsRoot: true) { Container = PackageContainer.Folder };
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous);
        try
        {
            var start = new byte[262];
            var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
            file.Position = 0;
            switch (SafeUnpacker.Recognize(start.AsSpan(0, read)))
            {
                case PackageContainer.Zip:
                    return new ZipFiles(file, limits) { Container = PackageContainer.Zip };
                case { } tar:
                    return await UnpackedAsync(file, tar, limits, temporaryFolder ?? Path.GetTempPath(), cancellation);
                default:
                    throw new JmixException(JmixFault.Malformed, $"'{Path.GetFileName(path)}' is neither a zip nor a tar.gz archive");
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<PackageFiles> UnpackedAsync(
        FileStream archive, PackageContainer container, UnpackLimits limits, string temporaryFolder, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(temporaryFolder, $"jmix-{Guid.NewGuid():N}")).FullName;
        try
        {
            await SafeUnpacker.UnpackAsync(archive, container, folder, limits, cancellation);
            await archive.DisposeAsync();
            return new FolderFiles(folder, ownsFolder: true, findsRoot: true) { Container = container };
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Opens a zip archive from any stream that can seek.</summary>
    /// <param name="archive">The archive, which can seek; disposed with the result.</param>
    /// <param name="limits">How much it may unpack to.</param>
    /// <exception cref="JmixException">The archive is damaged or refused.</exception>
    public static PackageFiles OfZip(Stream archive, UnpackLimits limits) => new ZipFiles(archive, limits) { Container = PackageContainer.Zip };

    /// <summary>The files of an unpacked payload, as they lie in its folder.</summary>
    internal static PackageFiles OfPayload(string folder) => new FolderFiles(folder, ownsFolder: false, findsRoot: false) { Container = PackageContainer.Tar };

    /// <summary>The files of one folder of the package, relative to that folder.</summary>
    /// <param name="prefix">The folder, with a slash at its end.</param>
    internal PackageFiles Within(string prefix) => new PartFiles(this, prefix) { Container = Container };

    /// <summary>Opens one file.</summary>
    /// <param name="name">One of <see cref="Lengths"/>.</param>
    public abstract Stream Open(string name);

    /// <summary>The bytes of one document; null if the package does not have it.</summary>
    /// <exception cref="JmixException">The document is longer than any document of a package.</exception>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellation)
    {
        if (!Lengths.TryGetValue(name, out var length)) return null;
        if (length > Model.JmixJson.MaxDocumentBytes)
            throw new JmixException(JmixFault.TooLarge, $"{name} has {length} bytes; a document of a package has at most {Model.JmixJson.MaxDocumentBytes}");
        await using var stream = Open(name);
        var bytes = new byte[length];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return read == length ? bytes : throw new JmixException(JmixFault.LyingArchive, $"{name} has {read} bytes and states {length}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the archive.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Finds the folder that holds the package, and takes the names relative to it.</summary>
    private protected void Index(IEnumerable<KeyValuePair<string, long>> files, IEnumerable<string> emptyFolders, bool findsRoot = true)
    {
        var all = files.ToList();
        var manifests = all.Where(f => f.Key == "manifest.json" || f.Key.EndsWith("/manifest.json", StringComparison.Ordinal)).Select(f => f.Key).ToList();
        var nearest = manifests.OrderBy(m => m.Count(c => c == '/')).FirstOrDefault();
        if (findsRoot && nearest is not null) Root = nearest[..^"manifest.json".Length].TrimEnd('/');
        var prefix = Root.Length == 0 ? "" : Root + "/";
        Lengths = all.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(f => f.Key[prefix.Length..], f => f.Value, StringComparer.Ordinal);
        EmptyFolders = [.. emptyFolders.Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..])];
    }

    private sealed class FolderFiles : PackageFiles
    {
        private readonly string _folder;
        private readonly bool _ownsFolder;

        public FolderFiles(string folder, bool ownsFolder, bool findsRoot)
        {
            (_folder, _ownsFolder) = (Path.GetFullPath(folder), ownsFolder);
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
            Index(
                Directory.EnumerateFiles(_folder, "*", options).Select(f => KeyValuePair.Create(Relative(f), new FileInfo(f).Length)),
                Directory.EnumerateDirectories(_folder, "*", options).Where(d => !Directory.EnumerateFileSystemEntries(d).Any()).Select(Relative),
                findsRoot);
        }

        public override Stream Open(string name)
        {
            var path = Path.Combine(_folder, Root, PackagePath.Normalize(name));
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        }

        protected override void Dispose(bool disposing)
        {
            if (_ownsFolder && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        }

        private string Relative(string path) => Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>A part of a package, which others dispose.</summary>
    private sealed class PartFiles : PackageFiles
    {
        private readonly PackageFiles _whole;
        private readonly string _prefix;

        public PartFiles(PackageFiles whole, string prefix)
        {
            (_whole, _prefix) = (whole, prefix);
            Index(
                whole.Lengths.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f.Key[prefix.Length..], f.Value)),
                whole.EmptyFolders.Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..]),
                findsRoot: false);
        }

        public override Stream Open(string name) => _whole.Open(_prefix + name);

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class ZipFiles : PackageFiles
    {
        private readonly ZipArchive _zip;
        private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

        public ZipFiles(Stream file, UnpackLimits limits)
        {
            try
            {
                _zip = new ZipArchive(file, ZipArchiveMode.Read);
                var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                var folders = new List<string>();
                long total = 0;
                if (_zip.Entries.Count > limits.MaxEntries)
                    throw new JmixException(JmixFault.TooLarge, $"the package has more than {limits.MaxEntries} entries");
                foreach (var entry in _zip.Entries)
                {
                    if (entry.FullName.EndsWith('/'))
                    {
                        folders.Add(PackagePath.Normalize(entry.FullName.TrimEnd('/')));
                        continue;
                    }

                    if (((entry.ExternalAttributes >> 16) & 0xF000) is not (0 or 0x8000))
                        throw new JmixException(JmixFault.UnsafeEntry, $"the entry '{entry.FullName}' is a link or a device");
                    var name = PackagePath.Normalize(entry.FullName);
                    if (!seen.Add(name)) throw new JmixException(JmixFault.DuplicateName, $"two entries are called '{name}', or differ from that in case only");
                    total += entry.Length;
                    if (total > limits.MaxBytes || total > Math.Max(file.Length, 64 * 1024) * limits.MaxRatio)
                        throw new JmixException(JmixFault.TooLarge, "the package unpacks to more than it may");
                    _entries.Add(name, entry);
                }

                var parents = ParentsOf(_entries.Keys);
                Index(_entries.Select(e => KeyValuePair.Create(e.Key, e.Value.Length)), folders.Where(f => !parents.Contains(f)));
            }
            catch (InvalidDataException e)
            {
                throw new JmixException(JmixFault.Malformed, $"the zip archive is damaged: {e.Message}", e);
            }
        }

        private static HashSet<string> ParentsOf(IEnumerable<string> names)
        {
            var parents = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                for (var slash = name.LastIndexOf('/'); slash > 0 && parents.Add(name[..slash]); slash = name.LastIndexOf('/', slash - 1))
                {
                    // If a folder is known, all folders above it are known too.
                }
            }

            return parents;
        }

        public override Stream Open(string name) => _entries[Root.Length == 0 ? name : Root + "/" + name].Open();

        protected override void Dispose(bool disposing) => _zip?.Dispose();
    }
}
