using System.Collections.Concurrent;
using System.Security.Cryptography;
using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.Store;

/// <summary>How much a store keeps. The oldest packages go first.</summary>
/// <param name="MaxPackages">Most packages; 0 for any number.</param>
/// <param name="MaxBytes">Most bytes of all archives; 0 for any number.</param>
/// <param name="MaxAge">Longest time; zero for ever.</param>
internal sealed record PackageLimits(int MaxPackages, long MaxBytes, TimeSpan MaxAge);

/// <summary>What became of a package that was offered.</summary>
internal enum StoreOutcome
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>The same bytes are there already.</summary>
    WasThere,

    /// <summary>Another package has the identifier.</summary>
    Conflict,
}

/// <summary>
/// Packages as zip archives below a folder: <c>packages/ab/ID.zip</c>. An archive gets its name when all of it is on the disk; a process that ends in
/// the middle leaves a file in <c>incoming</c>, which the next start takes away. One store serves all modules that name its folder.
/// </summary>
internal sealed class PackageStore : IDisposable
{
    private static readonly ConcurrentDictionary<string, PackageStore> Open = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly string _packages;
    private readonly string _incoming;
    private readonly DurableFolders _folders;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private PackageIndex? _index;
    private int _users;

    private PackageStore(string root, TimeProvider clock, ILogger logger)
    {
        (Root, _clock, _logger) = (root, clock, logger);
        (_packages, _incoming) = (Path.Combine(root, "packages"), Path.Combine(root, "incoming"));
        _folders = new DurableFolders(root, isDurable: true);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>A folder for files that are gone at the next start.</summary>
    public string Incoming
    {
        get
        {
            Start();
            return _incoming;
        }
    }

    private PackageIndex Index => Start();

    /// <summary>The store of a folder: one for all that name it. Nothing is read or written before the first use. Dispose it once for each call.</summary>
    public static PackageStore Use(string root, TimeProvider clock, ILogger logger)
    {
        var full = Path.GetFullPath(root);
        while (true)
        {
            var store = Open.GetOrAdd(full, _ => new PackageStore(full, clock, logger));
            if (store.TryEnter()) return store;
        }
    }

    /// <summary>
    /// Makes the folders, takes away what an earlier process left in the middle of a write, and opens the index. A configuration that is only checked does
    /// not come to this: another process may be using the folder.
    /// </summary>
    /// <exception cref="GatewayException">The folder cannot be used.</exception>
    public PackageIndex Start()
    {
        lock (_lock)
        {
            if (_index is not null) return _index;
            PackageIndex? index = null;
            try
            {
                _folders.Make(_packages);
                _folders.Make(_incoming);
                foreach (var file in Directory.EnumerateFiles(_incoming)) DeleteLeftover(file);
                index = PackageIndex.Open(Path.Combine(Root, "index.db"));
                var found = Reconcile(index);
                if (found > 0) PackagesLog.Reindexed(_logger, Root, found);
                return _index = index;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
            {
                index?.Dispose();
                throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"the package store '{Root}' cannot be used: {e.GetType().Name}", e);
            }
        }
    }

    /// <summary>The archive of a package; null if there is none.</summary>
    public FileStream? TryOpen(Guid id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The path of the archive of a package, whether or not it is there.</summary>
    public string PathOf(Guid id) => Path.Combine(_packages, id.ToString("N")[..2], $"{id}.zip");

    /// <summary>What is known of a package; null if there is none.</summary>
    public IndexedPackage? Find(Guid id) => Index.Find(id);

    /// <summary>The newest package of a study; null if there is none.</summary>
    public IndexedPackage? Newest(string studyInstanceUid) => Index.OfStudy(studyInstanceUid).FirstOrDefault(p => File.Exists(PathOf(p.Id)));

    /// <summary>The packages of a study, the newest first.</summary>
    public IReadOnlyList<IndexedPackage> OfStudy(string studyInstanceUid) => [.. Index.OfStudy(studyInstanceUid).Where(p => File.Exists(PathOf(p.Id)))];

    /// <summary>A file for an archive that is being written.</summary>
    public FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new FileStream(Path.Combine(Incoming, $"{Guid.NewGuid():N}.part"), options);
    }

    /// <summary>Gives a complete archive its name, and indexes it.</summary>
    /// <param name="archive">A file of <see cref="Create"/>, written to its end. Closed and gone afterwards, whatever the outcome.</param>
    /// <param name="id">The identifier of the package.</param>
    /// <param name="studyInstanceUid">Its study; empty for none.</param>
    /// <param name="cancellation">Ends the comparison with what is there.</param>
    public async Task<StoreOutcome> StoreAsync(FileStream archive, Guid id, string studyInstanceUid, CancellationToken cancellation)
    {
        var temporary = archive.Name;
        try
        {
            await archive.FlushAsync(cancellation);
            archive.Flush(flushToDisk: true);
            var length = archive.Length;
            await archive.DisposeAsync();
            var path = PathOf(id);
            if (File.Exists(path)) return await IsSameAsync(temporary, path, cancellation) ? StoreOutcome.WasThere : StoreOutcome.Conflict;
            Place(temporary, path, overwrite: false);
            Index.Add(new IndexedPackage(id, studyInstanceUid, length, _clock.GetUtcNow()));
            return StoreOutcome.Stored;
        }
        catch (IOException) when (File.Exists(PathOf(id)) && File.Exists(temporary))
        {
            return StoreOutcome.Conflict; // another request has stored a package of that identifier at the same moment
        }
        finally
        {
            await archive.DisposeAsync();
            File.Delete(temporary);
        }
    }

    /// <summary>Gives a file of <see cref="Incoming"/> its place below the root: its name is on the disk when this returns.</summary>
    /// <exception cref="IOException">There is a file of that name, or the disk is full.</exception>
    public void Place(string temporary, string path, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        _folders.Make(folder);
        File.Move(temporary, path, overwrite);
        _folders.Flush(folder);
    }

    /// <summary>The fault for what the disk does: full, short of descriptors, forbidden.</summary>
    /// <param name="e">What was thrown.</param>
    public GatewayException Fault(Exception e) => FileFault.Of(e, Root);

    /// <summary>Takes a package away. False if there is none.</summary>
    public bool Delete(Guid id)
    {
        var path = PathOf(id);
        var exists = File.Exists(path);
        File.Delete(path);
        Index.Remove(id);
        return exists;
    }

    /// <summary>Takes away what goes over the limits, the oldest first.</summary>
    /// <returns>How many packages went.</returns>
    public int Trim(PackageLimits limits)
    {
        var all = Index.All();
        var (count, bytes, gone) = (all.Count, all.Sum(p => p.Length), 0);
        var oldest = limits.MaxAge == TimeSpan.Zero ? DateTimeOffset.MinValue : _clock.GetUtcNow() - limits.MaxAge;
        foreach (var package in all)
        {
            var isTooMuch = (limits.MaxPackages > 0 && count > limits.MaxPackages) || (limits.MaxBytes > 0 && bytes > limits.MaxBytes) || package.Stored < oldest;
            if (!isTooMuch) break;
            Delete(package.Id);
            (count, bytes, gone) = (count - 1, bytes - package.Length, gone + 1);
        }

        return gone;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_users > 0) return;
            Open.TryRemove(Root, out _);
            _index?.Dispose();
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_users < 0 || (_users == 0 && !Open.ContainsKey(Root))) return false;
            _users++;
            return true;
        }
    }

    /// <summary>Brings the index to what is in the folder: a crash may have come between the archive and its entry.</summary>
    private int Reconcile(PackageIndex index)
    {
        var known = index.All().ToDictionary(p => p.Id);
        var missing = new List<IndexedPackage>();
        foreach (var path in Directory.EnumerateFiles(_packages, "*.zip", SearchOption.AllDirectories))
        {
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out var id) || known.Remove(id)) continue;
            var file = new FileInfo(path);
            missing.Add(new IndexedPackage(id, StudyOf(path), file.Length, new DateTimeOffset(file.LastWriteTimeUtc)));
        }

        index.AddAll(missing);
        foreach (var gone in known.Keys) index.Remove(gone);
        return missing.Count;
    }

    /// <summary>Whoever is writing a file holds a shared lock on it.</summary>
    private static void DeleteLeftover(string file)
    {
        try
        {
            using var left = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
            File.Delete(file);
        }
        catch (IOException)
        {
            // Another process is writing it, or has just taken it away.
        }
    }

    private static string StudyOf(string path)
    {
        try
        {
            using var zip = System.IO.Compression.ZipFile.OpenRead(path);
            return PackageStudy.Of(zip) ?? "";
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    private static async Task<bool> IsSameAsync(string first, string second, CancellationToken cancellation)
    {
        if (new FileInfo(first).Length != new FileInfo(second).Length) return false;
        var (one, other) = (await HashAsync(first, cancellation), await HashAsync(second, cancellation));
        return one.AsSpan().SequenceEqual(other);
    }

    private static async Task<byte[]> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await SHA256.HashDataAsync(file, cancellation);
    }
}
